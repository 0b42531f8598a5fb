//! An audience on its way in: of a crowd never more than a few hundred parties
//! beyond what is asked for are held.

use std::time::Duration;

use lienminh_proto::obligation::v1::StreamAudienceResponse;
use tonic::{Status, Streaming};

use super::{SourceError, impossible, own, silent, wire};
use crate::domain::obligation::Obligation;
use crate::domain::party::Party;

/// A source that says nothing for so long does not answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Everybody whom an obligation concerns, in the order of the source.
#[derive(Debug)]
pub struct Audience {
    who: String,
    stream: Streaming<StreamAudienceResponse>,
    /// The obligation as its source sees it now.
    pub obligation: Option<Obligation>,
    ahead: Vec<Party>,
    ended: bool,
}

impl Audience {
    /// Reads as far as the first message, which tells of the obligation.
    pub(super) async fn begin(
        who: String,
        stream: Streaming<StreamAudienceResponse>,
    ) -> Result<Self, SourceError> {
        let mut audience = Self {
            who,
            stream,
            obligation: None,
            ahead: Vec::new(),
            ended: false,
        };
        audience.read().await?;
        Ok(audience)
    }

    /// The next parties, fewer than `limit` only where these are the last.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn next(&mut self, limit: usize) -> Result<Vec<Party>, SourceError> {
        // One more than is asked for, so that it is known whether these are the last.
        while !self.ended && self.ahead.len() <= limit {
            self.read().await?;
        }
        let rest = self.ahead.split_off(limit.min(self.ahead.len()));
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    /// Whether the last party has been named.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended && self.ahead.is_empty()
    }

    async fn read(&mut self) -> Result<(), SourceError> {
        let message = tokio::time::timeout(PATIENCE, self.stream.message()).await;
        let message = message.unwrap_or_else(|_| Err(Status::deadline_exceeded("")));
        let Some(message) = message.map_err(|status| silent(&self.who, &status))? else {
            self.ended = true;
            return Ok(());
        };
        if let Some(obligation) = message.obligation {
            self.obligation = Some(own(&self.who, obligation)?);
        }
        for party in message.parties {
            let read = wire::party(party);
            self.ahead
                .push(read.map_err(|cause| impossible(&self.who, cause))?);
        }
        Ok(())
    }
}
