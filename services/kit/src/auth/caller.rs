//! The verified caller of a request.

use std::sync::Arc;

use tonic::{Request, Status};
use uuid::Uuid;

use super::Scope;
use crate::error::{Error, Result};
use crate::language::Language;

/// The verified caller, in the extensions of every request that reaches a handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// `sub` of the token in its one form ([`canonical_subject`](super::canonical_subject)):
    /// `service:notifier`, `user:lan`. Recorded in the audit, and compared.
    pub subject: String,
    /// What the token allows.
    pub scope: Scope,
    /// The one organisation the caller is bound to; `None` for callers of the house.
    pub organisation: Option<Uuid>,
    /// The language in which to answer.
    pub language: Language,
    /// `jti` of the token.
    pub token_id: String,
}

impl Caller {
    /// The caller of a request.
    ///
    /// # Errors
    /// Internal when the permission layer did not run before the handler.
    pub fn of<T>(request: &Request<T>) -> Result<Arc<Self>, Status> {
        request
            .extensions()
            .get::<Arc<Self>>()
            .cloned()
            .ok_or_else(|| {
                Error::internal(anyhow::anyhow!(
                    "a request reached its handler without a caller"
                ))
                .into_status(Language::default())
            })
    }

    /// The service itself, for work that no caller asked for.
    #[must_use]
    pub fn system(service: &str) -> Self {
        Self {
            subject: format!("service:{service}"),
            scope: Scope::everything(),
            organisation: None,
            language: Language::default(),
            token_id: String::new(),
        }
    }

    /// Who it is wherever calls are counted. A portal has one subject for all members;
    /// each of them is counted by itself.
    #[must_use]
    pub fn counted_as(&self) -> String {
        match self.organisation {
            None => self.subject.clone(),
            Some(organisation) => format!("{} {organisation}", self.subject),
        }
    }

    /// Whether the token allows `permission`.
    #[must_use]
    pub fn may(&self, permission: &str) -> bool {
        self.scope.allows(permission)
    }

    /// Refuses a permission the token lacks, for rules finer than an rpc.
    ///
    /// # Errors
    /// [`Error::PermissionDenied`].
    pub fn require(&self, permission: &str) -> Result<()> {
        match self.organisation {
            _ if self.may(permission) => Ok(()),
            Some(_) => Err(Error::permission_denied(permission)),
            None => Err(Error::permission_missing(permission)),
        }
    }

    /// Refuses what belongs to another organisation than the one the caller is
    /// bound to. Callers of the house pass.
    ///
    /// # Errors
    /// [`Error::PermissionDenied`], the same whether the other one exists or not.
    pub fn require_organisation(&self, organisation: Uuid) -> Result<()> {
        match self.organisation {
            Some(own) if own != organisation => Err(Error::not_yours()),
            Some(_) | None => Ok(()),
        }
    }

    /// Refuses callers bound to one organisation, for rpcs about the whole house.
    ///
    /// # Errors
    /// [`Error::PermissionDenied`].
    pub fn require_house(&self) -> Result<()> {
        match self.organisation {
            Some(_) => Err(Error::not_yours()),
            None => Ok(()),
        }
    }
}
