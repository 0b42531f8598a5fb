//! Every metric by its name: what `/metrics` describes and docs/operations.md tells.

use metrics::Unit;

/// What a metric does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It counts from the start of the process.
    Counter,
    /// It shows what is now.
    Gauge,
    /// It sorts what was seen into buckets.
    Histogram,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric that a program may show.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    /// Its name; a name that ends in a unit tells it.
    pub name: &'static str,
    /// What it does.
    pub kind: Kind,
    /// Its labels, separated by blanks.
    pub labels: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

impl Meter {
    /// What it counts in: seconds, bytes, days or pieces.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        ["seconds", "bytes", "days"]
            .into_iter()
            .find(|unit| self.name.ends_with(unit))
            .unwrap_or("count")
    }

    pub(super) fn describe(&self) {
        let unit = match self.unit() {
            "seconds" => Unit::Seconds,
            "bytes" => Unit::Bytes,
            _ => Unit::Count,
        };
        let (name, meaning) = (self.name, self.meaning);
        match self.kind {
            Kind::Counter => metrics::describe_counter!(name, unit, meaning),
            Kind::Gauge => metrics::describe_gauge!(name, unit, meaning),
            Kind::Histogram => metrics::describe_histogram!(name, unit, meaning),
        }
    }
}

/// A counter, for a list of metrics.
#[must_use]
pub const fn counter(name: &'static str, labels: &'static str, meaning: &'static str) -> Meter {
    meter(Kind::Counter, name, labels, meaning)
}

/// A gauge, for a list of metrics.
#[must_use]
pub const fn gauge(name: &'static str, labels: &'static str, meaning: &'static str) -> Meter {
    meter(Kind::Gauge, name, labels, meaning)
}

/// A histogram, for a list of metrics.
#[must_use]
pub const fn histogram(name: &'static str, labels: &'static str, meaning: &'static str) -> Meter {
    meter(Kind::Histogram, name, labels, meaning)
}

const fn meter(
    kind: Kind,
    name: &'static str,
    labels: &'static str,
    meaning: &'static str,
) -> Meter {
    Meter {
        name,
        kind,
        labels,
        meaning,
    }
}

/// What every service shows.
pub static METERS: [Meter; 27] = [
    gauge("ready", "", "1 while the process is ready"),
    gauge(
        "probe_failing",
        "probe",
        "1 while this probe of readiness fails",
    ),
    gauge(
        "probe_remarks",
        "probe",
        "1 while this probe holds and somebody on duty should look at it all the same",
    ),
    counter(
        "grpc_server_handled_total",
        "service method code",
        "Finished rpcs",
    ),
    histogram(
        "grpc_server_handling_seconds",
        "service method",
        "From the head of the request to the end of the answer",
    ),
    gauge("grpc_server_in_flight", "", "Rpcs being handled"),
    counter(
        "grpc_arrivals_displaced_total",
        "",
        "Calls that made room before their body had come",
    ),
    gauge(
        "grpc_connections",
        "caller",
        "Connections whose caller has shown a token (known) or none yet (stranger)",
    ),
    counter(
        "grpc_connections_displaced_total",
        "",
        "Connections that made room for newer ones in a full house",
    ),
    counter(
        "auth_refused_total",
        "",
        "Calls without a token that lets them in",
    ),
    counter(
        "lookups_refused_total",
        "",
        "Look-ups of people beyond what a caller has in a second",
    ),
    counter(
        "http_connections_displaced_total",
        "",
        "Visitors who had to make room for newer ones",
    ),
    counter(
        "mutation_retries_total",
        "",
        "Changes run again after a deadlock or a lost race",
    ),
    counter(
        "mutation_replays_total",
        "",
        "Changes answered from their request_id",
    ),
    counter(
        "database_faults_total",
        "kind",
        "What the database could not do: short of room, away, or broken",
    ),
    gauge(
        "database_out_of_room",
        "",
        "1 while a new session is refused because disk, memory or connections are used up",
    ),
    gauge("database_size_bytes", "", "The service's own database"),
    gauge(
        "volume_free_bytes",
        "",
        "Free for the service on the volume of its --auth-dir",
    ),
    gauge(
        "volume_size_bytes",
        "",
        "The whole volume of its --auth-dir",
    ),
    gauge(
        "certificate_left_days",
        "flag",
        "Until the first certificate in the file of this flag ends",
    ),
    gauge(
        "outbox_oldest_age_seconds",
        "",
        "Age of the oldest message that is not with the broker",
    ),
    counter(
        "outbox_published_total",
        "",
        "Messages that the broker has confirmed",
    ),
    counter(
        "outbox_refused_total",
        "",
        "Messages that the broker has refused or returned; they are kept",
    ),
    counter(
        "outbox_relay_faults_total",
        "",
        "Passes of the relay that failed",
    ),
    counter(
        "consumer_losses_total",
        "queue",
        "Times that a consumer lost its queue or the broker",
    ),
    counter(
        "consumer_poison_total",
        "",
        "Messages that no consumer could handle",
    ),
    gauge(
        "process_start_time_seconds",
        "",
        "When the process began, in seconds since 1970",
    ),
];
