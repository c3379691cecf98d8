"""The roof: carries data from room to room; flows, engines, settings, command line."""
