//! The one door of all rpcs: known? room? who? allowed? how often? in time?

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use futures_util::FutureExt as _;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::service::Routes;
use tracing::Instrument as _;

use super::answer::{Record, watch};
use super::meters::Meters;
use super::rate::{LookupRates, Lookups};
use super::share::{Share, Shares};
use super::{deadline, refusal};
use crate::auth::{Caller, Permissions, Refused, Verifier};
use crate::error::{Error, Result};
use crate::language::Language;
use crate::trace;

/// Rpcs handled at once by the whole process, over all connections. Sixteen
/// database connections serve them; a longer queue would only make every caller
/// late, so the next one is told to come back. A request holds at most 1 MiB.
pub const IN_FLIGHT: usize = 256;

/// Rpcs of one subject among them: what is left is for the others.
pub const EACH_IN_FLIGHT: usize = IN_FLIGHT / 2;

/// What is asked of every rpc.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    methods: HashMap<String, Guarded>,
    verifier: Verifier,
    room: Arc<Semaphore>,
    shares: Shares,
    lookups: Lookups,
    language: Language,
}

struct Guarded {
    method: Arc<str>,
    permission: Option<String>,
    streams: bool,
    lookup: bool,
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
            .map(|(path, method)| {
                let guarded = Guarded {
                    meters: Arc::new(Meters::of(&method.service, &method.name)),
                    method: method.name.into(),
                    permission: method.permission,
                    streams: method.streams,
                    lookup: method.lookup,
                };
                (path, guarded)
            })
            .collect();
        Self(Arc::new(Inner {
            methods,
            verifier,
            room: Arc::new(Semaphore::new(IN_FLIGHT)),
            shares: Shares::new(EACH_IN_FLIGHT),
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
    /// Health and reflection need no room: a full house must still answer how it is.
    fn enter(&self, method: &Guarded) -> Result<Option<OwnedSemaphorePermit>> {
        if method.permission.is_none() {
            return Ok(None);
        }
        Arc::clone(&self.room)
            .try_acquire_owned()
            .map(Some)
            .map_err(|_| refusal::overloaded())
    }

    fn admit(
        &self,
        method: &Guarded,
        headers: &HeaderMap,
        language: Language,
    ) -> Result<Option<Arc<Caller>>> {
        let Some(permission) = &method.permission else {
            return Ok(None);
        };
        let caller = bearer(headers)
            .and_then(|token| self.verifier.verify(token, language))
            .map_err(|refused| {
                metrics::counter!("auth_refused_total").increment(1);
                tracing::info!(method = %method.method, reason = %refused, "caller refused");
                Error::unauthenticated()
            })?;
        caller.require(permission).inspect_err(|_| {
            tracing::info!(method = %method.method, subject = caller.subject, permission, "permission denied");
        })?;
        if method.lookup {
            self.look_up(method, &caller)?;
        }
        Ok(Some(caller))
    }

    fn look_up(&self, method: &Guarded, caller: &Caller) -> Result<()> {
        self.lookups.take(caller, Instant::now()).map_err(|wait| {
            metrics::counter!("lookups_refused_total").increment(1);
            tracing::info!(method = %method.method, subject = caller.subject, ?wait, "too many look-ups");
            refusal::too_many_lookups(wait)
        })
    }

    /// The caller's share of the room; whoever needs no permission needs none.
    fn share(&self, caller: Option<&Arc<Caller>>) -> Result<Option<Share>> {
        let Some(caller) = caller else {
            return Ok(None);
        };
        let share = self.shares.take(&caller.subject);
        share.map(Some).ok_or_else(refusal::too_busy_a_caller)
    }
}

/// `Bearer` in any case (RFC 9110, section 11.1).
fn bearer(headers: &HeaderMap) -> Result<&str, Refused> {
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

async fn pass(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let door = door.0;
    let Some(method) = door.methods.get(request.uri().path()) else {
        return refusal::unknown();
    };
    let language = Language::accepted(request.headers(), door.language);
    let allowed = deadline::allowed(request.headers(), method.streams);
    let mut ends = Box::pin(tokio::time::sleep(allowed));
    let permit = match door.enter(method) {
        Ok(permit) => permit,
        Err(error) => return refusal::refuse(error, language),
    };
    let mut record = Record::begin(&method.meters, permit);
    let too_late = move || Error::DeadlineExceeded.into_status(language);
    let admitted = door
        .admit(method, request.headers(), language)
        .and_then(|caller| Ok((door.share(caller.as_ref())?, caller)));
    let response = match admitted {
        Err(error) => refusal::refuse(error, language),
        Ok((share, caller)) => {
            record.keep(share);
            let span = span(&method.method, caller.as_ref());
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            let thread = trace::Thread::of(request.headers());
            let work = AssertUnwindSafe(next.run(request)).catch_unwind();
            let work = trace::scope(thread, work).instrument(span);
            tokio::select! {
                biased;
                response = work => response.map_or_else(
                    |_| refusal::refuse(panicked(), language),
                    |response| refusal::translate(response, language),
                ),
                () = &mut ends => refusal::refuse(Error::DeadlineExceeded, language),
            }
        }
    };
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
