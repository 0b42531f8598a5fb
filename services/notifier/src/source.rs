//! The services that own the matters, and the registry of who can be reached:
//! asked when something is about to go out, never guessed.

mod audience;
pub mod wire;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use kit::client::{Channel, Peers};
use lienminh_proto::obligation::v1 as proto;
use lienminh_proto::obligation::v1::obligation_source_service_client::ObligationSourceServiceClient;
use lienminh_proto::registry::v1::BatchGetContactsRequest;
use lienminh_proto::registry::v1::contact_service_client::ContactServiceClient;

use crate::domain::fact::belief;
use crate::domain::obligation::Obligation;
use crate::domain::party::{Party, Reach};
pub use audience::Audience;

/// Organisations asked about in one call, as the contracts allow.
const BATCH: usize = 200;

/// Largest answer taken: a page of audience or contacts with all their texts.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// Why a source could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It does not answer, or refuses.
    #[error("{who} does not answer: {code:?}")]
    Silent {
        /// Who.
        who: String,
        /// What it said instead.
        code: tonic::Code,
    },
    /// It says something impossible.
    #[error("{who} says something impossible")]
    Malformed {
        /// Who.
        who: String,
        /// What.
        #[source]
        cause: wire::Malformed,
    },
    /// No service of this name is known.
    #[error("no service {0} is known")]
    Unknown(String),
}

impl SourceError {
    /// Who could not be asked.
    #[must_use]
    pub fn who(&self) -> &str {
        match self {
            Self::Silent { who, .. } | Self::Malformed { who, .. } | Self::Unknown(who) => who,
        }
    }
}

/// Where the other services are.
#[derive(Clone, Debug)]
pub struct Urls<'u> {
    /// Source services by name.
    pub sources: &'u [(&'static str, &'u str)],
    /// The registry, for contacts.
    pub registry: &'u str,
}

/// What a source answers about parties.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The obligation as its source sees it now.
    pub obligation: Option<Obligation>,
    /// The parties.
    pub parties: Vec<Party>,
}

/// A page of obligations.
#[derive(Clone, Debug)]
pub struct Page {
    /// The obligations.
    pub obligations: Vec<Obligation>,
    /// How many could not be read: they are no reason to leave the others alone.
    pub impossible: usize,
    /// Where the next page begins; empty on the last.
    pub next: String,
}

/// Clients of the other services. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    sources: BTreeMap<&'static str, ObligationSourceServiceClient<Channel>>,
    contacts: ContactServiceClient<Channel>,
}

impl Sources {
    /// Clients that connect at their first call.
    ///
    /// # Errors
    /// When an address is malformed.
    pub fn new(peers: &Peers, urls: &Urls<'_>) -> anyhow::Result<Self> {
        let sources = urls
            .sources
            .iter()
            .map(|(name, url)| {
                let client = ObligationSourceServiceClient::new(peers.channel(url)?)
                    .max_decoding_message_size(ANSWER_LIMIT);
                Ok((*name, client))
            })
            .collect::<anyhow::Result<_>>()?;
        let contacts = ContactServiceClient::new(peers.channel(urls.registry)?)
            .max_decoding_message_size(ANSWER_LIMIT);
        Ok(Self { sources, contacts })
    }

    /// Names of the source services.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.sources.keys().copied()
    }

    /// Everybody whom an obligation concerns now.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn audience(&self, obligation: &str) -> Result<Audience, SourceError> {
        let (who, mut client) = self.owner(obligation)?;
        let mut request = tonic::Request::new(proto::StreamAudienceRequest {
            obligation: obligation.to_owned(),
        });
        // A crowd is written while it comes in, so its stream lasts longer than other calls.
        request.set_timeout(kit::server::LONGEST_STREAM);
        let stream = client
            .stream_audience(request)
            .await
            .map_err(|status| silent(&who, &status))?
            .into_inner();
        Audience::begin(who, stream).await
    }

    /// How some organisations stand to an obligation now; those that no longer
    /// belong to it are left out.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn check(
        &self,
        obligation: &str,
        organisations: &[String],
    ) -> Result<Answer, SourceError> {
        let (who, mut client) = self.owner(obligation)?;
        let mut answer = Answer::default();
        for batch in organisations.chunks(BATCH) {
            let request = proto::CheckPartiesRequest {
                obligation: obligation.to_owned(),
                organisations: batch.to_vec(),
            };
            let message = client
                .check_parties(request)
                .await
                .map_err(|status| silent(&who, &status))?
                .into_inner();
            answer.take(&who, message.obligation, message.parties)?;
        }
        Ok(answer)
    }

    /// A page of what a source has changed since an instant.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn list(
        &self,
        source: &str,
        since: Option<Timestamp>,
        page_token: String,
    ) -> Result<Page, SourceError> {
        let mut client = self
            .sources
            .get(source)
            .ok_or_else(|| SourceError::Unknown(source.to_owned()))?
            .clone();
        let request = proto::ListObligationsRequest {
            updated_after_time: since.map(kit::wire::timestamp),
            page_size: 200,
            page_token,
        };
        let page = client
            .list_obligations(request)
            .await
            .map_err(|status| silent(source, &status))?
            .into_inner();
        let told = page.obligations.len();
        let obligations: Vec<Obligation> = page
            .obligations
            .into_iter()
            .filter_map(|message| own(source, message).ok())
            .collect();
        Ok(Page {
            impossible: told - obligations.len(),
            obligations,
            next: page.next_page_token,
        })
    }

    /// An obligation as its source sees it now; `None` where it knows of none.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn obligation(&self, name: &str) -> Result<Option<Obligation>, SourceError> {
        use tonic::Code::{InvalidArgument, NotFound};
        let (who, mut client) = self.owner(name)?;
        let request = proto::CheckPartiesRequest {
            obligation: name.to_owned(),
            organisations: Vec::new(),
        };
        match client.check_parties(request).await {
            Ok(answer) => {
                let told = answer.into_inner().obligation;
                told.map(|message| own(&who, message)).transpose()
            }
            // A name that it never gives is one that it does not know.
            Err(status) if matches!(status.code(), NotFound | InvalidArgument) => Ok(None),
            Err(status) => Err(silent(&who, &status)),
        }
    }

    /// How to reach organisations now, by the name asked for; unknown ones are left out.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn reach(
        &self,
        organisations: &[String],
    ) -> Result<HashMap<String, Reach>, SourceError> {
        let mut client = self.contacts.clone();
        let mut all = HashMap::with_capacity(organisations.len());
        for batch in organisations.chunks(BATCH) {
            let request = BatchGetContactsRequest {
                organisations: batch.to_vec(),
            };
            let answer = client
                .batch_get_contacts(request)
                .await
                .map_err(|status| silent("registry", &status))?
                .into_inner();
            all.extend(
                answer
                    .organisations
                    .into_iter()
                    .map(|each| (each.organisation.clone(), wire::reach(each))),
            );
        }
        Ok(all)
    }

    fn owner(
        &self,
        obligation: &str,
    ) -> Result<(String, ObligationSourceServiceClient<Channel>), SourceError> {
        let source = obligation.split('/').next().unwrap_or_default();
        self.sources
            .get(source)
            .map(|client| (source.to_owned(), client.clone()))
            .ok_or_else(|| SourceError::Unknown(source.to_owned()))
    }
}

impl Answer {
    fn take(
        &mut self,
        who: &str,
        obligation: Option<proto::Obligation>,
        parties: Vec<proto::Party>,
    ) -> Result<(), SourceError> {
        if let Some(message) = obligation {
            self.obligation = Some(own(who, message)?);
        }
        for message in parties {
            let party = wire::party(message).map_err(|cause| impossible(who, cause))?;
            self.parties.push(party);
        }
        Ok(())
    }
}

/// Reads what a source tells of a matter of its own; of others it may say nothing.
fn own(who: &str, message: proto::Obligation) -> Result<Obligation, SourceError> {
    let read = wire::obligation(message).map_err(|cause| impossible(who, cause))?;
    if belief::owner(&read.name) == Some(who) {
        Ok(read)
    } else {
        Err(impossible(who, wire::Malformed { field: "name" }))
    }
}

fn silent(who: &str, status: &tonic::Status) -> SourceError {
    SourceError::Silent {
        who: who.to_owned(),
        code: status.code(),
    }
}

fn impossible(who: &str, cause: wire::Malformed) -> SourceError {
    SourceError::Malformed {
        who: who.to_owned(),
        cause,
    }
}
