//! What is counted of each rpc. Everything that has a name is looked up once,
//! not with every call.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram};
use tonic::Code;

/// Codes of gRPC, from OK to UNAUTHENTICATED.
const CODES: usize = 17;

/// The meters of one rpc.
pub(super) struct Meters {
    service: String,
    method: String,
    in_flight: Gauge,
    latency: Histogram,
    // Made when a code first occurs: nobody wants to read sixteen zeros for each rpc.
    handled: [OnceLock<Counter>; CODES],
}

impl Meters {
    pub(super) fn of(service: &str, method: &str) -> Self {
        Self {
            service: service.to_owned(),
            method: method.to_owned(),
            in_flight: metrics::gauge!("grpc_server_in_flight"),
            latency: metrics::histogram!(
                "grpc_server_handling_seconds",
                "service" => service.to_owned(),
                "method" => method.to_owned()
            ),
            handled: [const { OnceLock::new() }; CODES],
        }
    }

    pub(super) fn begun(&self) {
        self.in_flight.increment(1.0);
    }

    pub(super) fn ended(&self, after: Duration, code: Code) {
        self.in_flight.decrement(1.0);
        self.latency.record(after.as_secs_f64());
        self.handled[code as usize]
            .get_or_init(|| self.counter(code))
            .increment(1);
    }

    fn counter(&self, code: Code) -> Counter {
        metrics::counter!(
            "grpc_server_handled_total",
            "service" => self.service.clone(),
            "method" => self.method.clone(),
            "code" => name(code)
        )
    }
}

/// The name of a code as people know it.
const fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
