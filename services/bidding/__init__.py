"""Sealed bids: what a bidder seals, and how a committee opens it together."""
