//! The one door of all rpcs: known? who? allowed? how often? all there? in bounds?
//! room? in time?

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use futures_util::FutureExt as _;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use metrics::Counter;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::service::Routes;
use tracing::Instrument as _;

use super::answer::{Record, watch};
use super::arrivals::Arrivals;
use super::body::{self, Message};
use super::guest::Guest;
use super::meters::Meters;
use super::rate::{LookupRates, Lookups};
use super::share::{Share, Shares};
use super::{deadline, refusal};
use crate::auth::{Caller, Method, Permissions, Refused, Verifier};
use crate::error::{Error, Result};
use crate::language::Language;
use crate::room::Room;
use crate::trace;

/// Rpcs handled at once by the whole process, over all connections. Sixteen
/// database connections serve them; a longer queue would only make every caller
/// late, so the next one is told to come back. A request holds at most 1 MiB.
pub const IN_FLIGHT: usize = 256;

/// Rpcs of one caller of the house among them, those whose bodies still come and
/// whose answers are still read included: what is left is for the others.
pub const EACH_IN_FLIGHT: usize = IN_FLIGHT / 2;

/// Rpcs of one caller that is bound to one organisation.
pub const MEMBER_IN_FLIGHT: usize = IN_FLIGHT / 8;

/// Rpcs of all such callers together: half of the house is always its own.
pub const MEMBERS_IN_FLIGHT: usize = IN_FLIGHT / 2;

/// Calls whose bodies are on their way, each of at most 1 MiB. Most bodies come with
/// their head and need no place.
const ARRIVING: usize = IN_FLIGHT;

/// The same of callers without a token, who ask after nothing but health.
const STRANGERS_ARRIVING: usize = 64;

/// Streams that need no token, of connections that have shown one and, apart from them,
/// of those that have not: whoever follows how we are follows from one place.
const FOLLOWING: usize = IN_FLIGHT;

/// A body is there within this time, also over a slow line.
const BODY: Duration = Duration::from_secs(15);

/// What is asked of every rpc.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    methods: HashMap<String, Guarded>,
    verifier: Verifier,
    arriving: Arc<Arrivals>,
    strangers: Arc<Room>,
    room: Arc<Semaphore>,
    following: Arc<Semaphore>,
    strangers_following: Arc<Semaphore>,
    shares: Shares,
    lookups: Lookups,
    language: Language,
}

struct Guarded {
    rpc: Method,
    meters: Arc<Meters>,
}

impl Door {
    /// A door for the rpcs of `permissions`; what is not in there does not exist.
    #[must_use]
    pub fn new(permissions: Permissions, verifier: Verifier, language: Language) -> Self {
        Self::limited(permissions, verifier, language, LookupRates::default())
    }

    /// The same, where a caller has only so many look-ups in a second.
    #[must_use]
    pub fn limited(
        permissions: Permissions,
        verifier: Verifier,
        language: Language,
        rates: LookupRates,
    ) -> Self {
        let methods = permissions
            .into_iter()
            .map(|(path, rpc)| {
                let meters = Arc::new(Meters::of(&rpc.service, &rpc.name));
                (path, Guarded { rpc, meters })
            })
            .collect();
        Self(Arc::new(Inner {
            methods,
            verifier,
            arriving: Arrivals::new(ARRIVING),
            strangers: Room::new(STRANGERS_ARRIVING, Counter::noop()),
            room: Arc::new(Semaphore::new(IN_FLIGHT)),
            following: Arc::new(Semaphore::new(FOLLOWING)),
            strangers_following: Arc::new(Semaphore::new(FOLLOWING)),
            shares: Shares::default(),
            lookups: Lookups::new(rates),
            language,
        }))
    }

    /// Puts the routes behind the door.
    pub fn guard(self, routes: Routes) -> axum::Router {
        routes
            .prepare()
            .into_axum_router()
            .layer(middleware::from_fn_with_state(self, pass))
    }
}

impl Inner {
    /// Whoever asks once how we are needs no room: a full house must still answer.
    fn enter(
        &self,
        method: &Guarded,
        guest: Option<&Guest>,
    ) -> Result<Option<OwnedSemaphorePermit>> {
        let room = match (&method.rpc.permission, method.rpc.streams) {
            (Some(_), _) => &self.room,
            (None, true) if guest.is_some_and(Guest::is_known) => &self.following,
            (None, true) => &self.strangers_following,
            (None, false) => return Ok(None),
        };
        Arc::clone(room)
            .try_acquire_owned()
            .map(Some)
            .map_err(|_| refusal::overloaded())
    }

    fn admit(
        &self,
        method: &Guarded,
        headers: &HeaderMap,
        language: Language,
        guest: Option<&Guest>,
    ) -> Result<Option<Arc<Caller>>> {
        let Some(permission) = &method.rpc.permission else {
            return Ok(None);
        };
        let caller = bearer(headers)
            .and_then(|token| self.verifier.verify(token, language))
            .map_err(|refused| {
                metrics::counter!("auth_refused_total").increment(1);
                tracing::info!(method = %method.rpc.name, reason = %refused, "caller refused");
                Error::unauthenticated()
            })?;
        if let Some(guest) = guest {
            guest.has_shown_a_token();
        }
        caller.require(permission).inspect_err(|_| {
            tracing::info!(method = %method.rpc.name, subject = caller.subject, permission, "permission denied");
        })?;
        if method.rpc.lookup {
            self.look_up(method, &caller)?;
        }
        Ok(Some(caller))
    }

    fn look_up(&self, method: &Guarded, caller: &Caller) -> Result<()> {
        self.lookups.take(caller, Instant::now()).map_err(|wait| {
            metrics::counter!("lookups_refused_total").increment(1);
            tracing::info!(method = %method.rpc.name, subject = caller.subject, ?wait, "too many look-ups");
            refusal::too_many_lookups(wait)
        })
    }

    /// The one message of the request, whole and in bounds, before it takes room.
    async fn arrive(&self, method: &Guarded, who: &str, request: Request) -> Result<Request> {
        if method.rpc.listens {
            return Ok(request);
        }
        let (parts, body) = request.into_parts();
        let mut arriving = pin!(body::whole(body));
        let body = match arriving.as_mut().now_or_never() {
            Some(body) => body?,
            None => {
                let in_time = tokio::time::timeout(BODY, arriving);
                let held = if method.rpc.permission.is_some() {
                    self.arriving.hold(who, in_time).await
                } else {
                    self.strangers.enter().hold(in_time).await
                };
                held.ok_or_else(refusal::overloaded)?
                    .map_err(|_| Error::DeadlineExceeded)??
            }
        };
        let message = Message::read(body, &parts.headers)?;
        let in_bounds = method.rpc.request.check(message.bytes());
        in_bounds.map_err(Error::invalid)?;
        Ok(Request::from_parts(parts, message.into_body()))
    }

    /// Everything from the head of a call to the head of its answer.
    async fn serve(
        &self,
        method: &Guarded,
        language: Language,
        request: Request,
        next: Next,
        record: &mut Record,
    ) -> Result<Response> {
        refuse_twice(request.headers())?;
        let guest: Option<Arc<Guest>> = request.extensions().get().cloned();
        if let Some(guest) = &guest {
            record.attend(guest, method.rpc.permission.is_some())?;
        }
        let guest = guest.as_deref();
        let caller = self.admit(method, request.headers(), language, guest)?;
        let share = match &caller {
            Some(caller) => Some(self.shares.take(caller)?),
            None => None,
        };
        let who = share.as_ref().map(Share::name).unwrap_or_default();
        let arrived = self.arrive(method, who, request).await;
        if let Some(share) = share {
            record.keep(share);
        }
        let mut request = arrived?;
        if let Some(room) = self.enter(method, guest)? {
            record.enter(room);
        }
        let span = span(&method.rpc.name, caller.as_ref());
        if let Some(caller) = caller {
            request.extensions_mut().insert(caller);
        }
        let thread = trace::Thread::of(request.headers());
        let work = AssertUnwindSafe(next.run(request)).catch_unwind();
        let work = trace::scope(thread, work).instrument(span);
        let response = work.await.map_err(|_| panicked())?;
        if !method.rpc.streams {
            record.leave();
        }
        Ok(refusal::translate(response, language))
    }
}

/// Headers of which a call has one (RFC 9110, section 5.3): of two, a proxy may heed
/// the one and we the other.
const ONCE: [&str; 4] = [
    "content-type",
    "grpc-encoding",
    "grpc-timeout",
    trace::HEADER,
];

fn refuse_twice(headers: &HeaderMap) -> Result<()> {
    let twice = ONCE.iter().find(|name| is_twice(headers, name));
    twice.map_or(Ok(()), |name| Err(refusal::twice(name)))
}

fn is_twice(headers: &HeaderMap, name: &str) -> bool {
    headers.get_all(name).iter().nth(1).is_some()
}

/// `Bearer` in any case (RFC 9110, section 11.1).
fn bearer(headers: &HeaderMap) -> Result<&str, Refused> {
    if is_twice(headers, AUTHORIZATION.as_str()) {
        return Err(Refused::Twice);
    }
    let value = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .ok_or(Refused::Missing)?;
    let (scheme, token) = value.split_once(' ').ok_or(Refused::Missing)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim())
    } else {
        Err(Refused::Missing)
    }
}

async fn pass(State(door): State<Door>, request: Request, next: Next) -> Response {
    let door = door.0;
    let Some(method) = door.methods.get(request.uri().path()) else {
        return refusal::unknown();
    };
    let language = Language::accepted(request.headers(), door.language);
    let allowed = deadline::allowed(request.headers(), method.rpc.streams);
    let mut ends = Box::pin(tokio::time::sleep(allowed));
    let mut record = Record::begin(&method.meters, ends.deadline());
    let served = tokio::select! {
        biased;
        served = door.serve(method, language, request, next, &mut record) => served,
        () = &mut ends => Err(Error::DeadlineExceeded),
    };
    let response = served.unwrap_or_else(|error| refusal::refuse(error, language));
    let too_late = move || Error::DeadlineExceeded.into_status(language);
    watch(response, record, ends, too_late)
}

/// One caller's bad luck must not cut the connection of the others. The state a
/// handler leaves behind is rows, and their transaction is rolled back.
fn panicked() -> Error {
    Error::internal(anyhow::anyhow!("a handler panicked"))
}

fn span(method: &str, caller: Option<&Arc<Caller>>) -> tracing::Span {
    tracing::info_span!(
        "rpc",
        method,
        subject = caller.map(|caller| caller.subject.as_str())
    )
}
