"""Made-up customers, what happens to their data, and the exports of the systems that hold it."""
