"""From the log to Kafka."""
