"""From rows of text to canonical records: presets, mapping, dates, consent."""
