"""The event log in PostgreSQL, behind the port `services.ports.EventStore`."""
