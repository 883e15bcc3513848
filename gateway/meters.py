"""What is counted while the gateway runs, for Prometheus."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_HELD_AGE = "Age of the oldest upload set aside, 0 for none"
_LEFT_OUT = "1 while an organisation that was added is not served, for its files or schema"
_DIFFERENCES = "Where journal and records system disagree"
_LIMITED = "Requests turned away as their person or address had asked too often"
_FAILING = "How long a mail has been tried in vain that is still tried, 0 for none"
_APPEND_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meters:
    """`append_seconds` is from handing a command over until its answer, queueing included."""

    registry: CollectorRegistry
    commands: Counter
    append_seconds: Histogram
    readers: Gauge
    left_out: Gauge
    lag_events: Gauge
    lag_seconds: Gauge
    parked: Gauge
    journal_age: Gauge
    journal_entries: Gauge
    journal_differences: Gauge
    uploads: Counter
    opened_outside: Counter
    held: Gauge
    held_age: Gauge
    post: Gauge
    post_failing: Gauge
    limited: Counter

    def count_limited(self, budget: str) -> None:
        """Somebody was turned away who had asked too often."""
        self.limited.labels(budget).inc()


def new_meters() -> Meters:
    registry = CollectorRegistry()
    view = ("organisation", "view")
    held = ("organisation", "state")
    return Meters(
        registry=registry,
        commands=Counter(
            "julelys_commands", "Commands by how they ended", ("outcome",), registry=registry
        ),
        append_seconds=Histogram(
            "julelys_append_seconds",
            "From handing a command over until its answer",
            buckets=_APPEND_BUCKETS,
            registry=registry,
        ),
        left_out=_gauge(registry, "organisation_left_out", _LEFT_OUT, "organisation"),
        readers=_gauge(registry, "live_readers", "Open timeline streams", "organisation"),
        lag_events=_gauge(registry, "view_lag_events", "Positions a view is behind", *view),
        lag_seconds=_gauge(registry, "view_lag_seconds", "How long a view is behind", *view),
        parked=_gauge(registry, "view_parked", "Events a view has parked", *view),
        journal_age=_gauge(
            registry,
            "journal_oldest_seconds",
            "Age of the oldest fact that does not all lie in the records system, 0 for none",
            "organisation",
        ),
        journal_entries=_gauge(
            registry, "journal_entries", "Entries not done yet", "organisation", "state"
        ),
        journal_differences=_gauge(
            registry, "journal_differences", _DIFFERENCES, "organisation", "difference"
        ),
        uploads=_uploads(registry),
        opened_outside=_opened_outside(registry),
        held=_gauge(registry, "documents_held", "Uploads set aside", *held),
        held_age=_gauge(registry, "documents_held_oldest_seconds", _HELD_AGE, *held),
        post=_gauge(registry, "post_mails", "Mails on their way or for somebody to see to", *held),
        post_failing=_gauge(registry, "post_failing_seconds", _FAILING, "organisation"),
        limited=Counter("julelys_limited", _LIMITED, ("budget",), registry=registry),
    )


def _uploads(registry: CollectorRegistry) -> Counter:
    text = "Uploads by how they ended: ready, or a code"
    return Counter("julelys_uploads", text, ("organisation", "outcome"), registry=registry)


def _opened_outside(registry: CollectorRegistry) -> Counter:
    text = "Cases that staff from outside their team said they had to open"
    labels = ("organisation", "purpose")
    return Counter("julelys_cases_opened_outside", text, labels, registry=registry)


def _gauge(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"julelys_{name}", text, labels, registry=registry)
