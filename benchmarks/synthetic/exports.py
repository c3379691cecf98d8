"""The exports of four systems, under the headers that public code which parses such exports knows."""

from __future__ import annotations

from benchmarks.synthetic.export import Export
from benchmarks.synthetic.fxiaoke import CUSTOMERS
from benchmarks.synthetic.mailchimp import AUDIENCE
from benchmarks.synthetic.zendesk import USERS
from benchmarks.synthetic.zoho import CONTACTS

__all__ = ["EXPORTS"]

EXPORTS: tuple[Export, ...] = (CONTACTS, USERS, AUDIENCE, CUSTOMERS)
