//! What a lane holds: its place at the server, and the connection in it.

use crate::channel::lanes::{Lanes, Left, Place};
use crate::channel::smtp::{Refusal, Session, SmtpServer};

/// A lane's hands.
#[derive(Debug, Default)]
pub(super) struct Hands {
    place: Option<Place>,
    session: Option<Session>,
}

impl Hands {
    /// Waits for a place, unless one is held.
    pub(super) async fn enter(&mut self, lanes: &Lanes) {
        if self.place.is_none() {
            self.place = Some(lanes.enter().await);
        }
    }

    pub(super) fn are_connected(&self) -> bool {
        self.session.is_some()
    }

    /// The connection in use, or a fresh one; whoever takes it gives it back with
    /// one of the ways below.
    pub(super) async fn take(&mut self, server: &SmtpServer) -> Result<Session, Refusal> {
        match self.session.take() {
            Some(open) if open.is_fresh() => return Ok(open),
            Some(old) => {
                old.quit().await;
                self.lose();
            }
            None => {}
        }
        let open = Session::connect(server).await?;
        if let Some(place) = &mut self.place {
            place.stands();
        }
        Ok(open)
    }

    /// It is free for the next mail.
    pub(super) fn keep(&mut self, open: Session) {
        self.session = Some(open);
    }

    /// It is free once the mail in hand is taken back.
    pub(super) async fn take_back(&mut self, mut open: Session) {
        if open.reset().await {
            self.keep(open);
        } else {
            self.lose();
        }
    }

    /// It is free if it still stands after a refusal.
    pub(super) async fn keep_after(&mut self, open: Session, refusal: &Refusal) {
        if refusal.connection_stands {
            self.take_back(open).await;
        } else {
            self.lose();
        }
    }

    /// It is gone.
    pub(super) fn lose(&mut self) {
        if let Some(place) = &mut self.place {
            place.parted();
        }
    }

    /// Lets an idle connection go.
    pub(super) async fn part(&mut self) {
        if let Some(session) = self.session.take() {
            session.quit().await;
            self.lose();
        }
    }

    /// The server has too many: connection and place are given up.
    pub(super) async fn crowded(&mut self) -> Left {
        self.part().await;
        match self.place.take() {
            Some(place) => place.crowded(),
            None => Left {
                lanes: 0,
                is_news: false,
            },
        }
    }
}
