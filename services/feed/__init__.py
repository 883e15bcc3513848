"""Where the sync hears of facts: the log itself, or Kafka."""
