"""How two different values of one attribute compare: one file a kind of value.

A *comparer* is made for the distinct values of an attribute and then asked for the levels of pairs of codes. The two
codes of a pair are never equal and never missing: equal codes are *exact* and missing ones *missing* before it is
asked.
"""
