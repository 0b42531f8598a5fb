//! One stepped clock for all stories: it goes on when every one of them waits.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::DateTime;
use lienminh_local::conductor::Conductor;
use tokio::sync::{Notify, watch};

/// The days of all stories.
#[derive(Debug)]
pub struct Days {
    waiting: Mutex<Waiting>,
    changed: Notify,
    now: watch::Sender<DateTime>,
}

#[derive(Debug)]
struct Waiting {
    stories: usize,
    until: Vec<DateTime>,
}

/// How much the ends had accepted when everything due at an instant was done.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Business time.
    pub at: DateTime,
    /// SMS accepted so far.
    pub sms: u64,
}

impl Days {
    /// For so many stories, which begin at an instant.
    #[must_use]
    pub fn of(stories: usize, start: DateTime) -> Self {
        Self {
            waiting: Mutex::new(Waiting {
                stories,
                until: Vec::new(),
            }),
            changed: Notify::new(),
            now: watch::Sender::new(start),
        }
    }

    /// Waits until everything due up to this instant of the wall clock is done.
    ///
    /// # Errors
    /// What is no instant.
    pub async fn until(&self, wall_clock: &str) -> anyhow::Result<()> {
        let until: DateTime = wall_clock.parse()?;
        self.note(|waiting| waiting.until.push(until));
        let mut now = self.now.subscribe();
        now.wait_for(|now| *now >= until).await?;
        Ok(())
    }

    /// A story is over.
    pub fn end(&self) {
        self.note(|waiting| waiting.stories -= 1);
    }

    fn note(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_one();
    }

    /// The next day that somebody waits for once all wait; none once all are over.
    fn next(&self) -> Option<Option<DateTime>> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let all_wait = waiting.until.len() == waiting.stories;
        all_wait.then(|| waiting.until.iter().min().copied())
    }

    /// Leads the clock through all days.
    ///
    /// # Errors
    /// A step that is stuck.
    pub async fn lead(
        &self,
        conductor: &mut Conductor,
        accepted: impl Fn() -> u64,
    ) -> anyhow::Result<Vec<Mark>> {
        let mut marks = Vec::new();
        loop {
            let Some(next) = self.next() else {
                self.changed.notified().await;
                continue;
            };
            let Some(next) = next else { return Ok(marks) };
            step(conductor, vietnam::instant(next), &accepted, &mut marks).await?;
            self.note(|waiting| waiting.until.retain(|until| *until > next));
            self.now.send_replace(next);
        }
    }
}

/// Everything due up to an instant, with a mark after each.
async fn step(
    conductor: &mut Conductor,
    target: Timestamp,
    accepted: &impl Fn() -> u64,
    marks: &mut Vec<Mark>,
) -> anyhow::Result<()> {
    loop {
        let due = conductor.settle().await?;
        let (at, sms) = (vietnam::local(conductor.now()), accepted());
        marks.push(Mark { at, sms });
        match due.filter(|due| *due <= target) {
            Some(due) => conductor.set(due.max(conductor.now())).await?,
            None if conductor.now() < target => conductor.set(target).await?,
            None => return Ok(()),
        }
    }
}

/// When the SMS of this number was accepted.
#[must_use]
pub fn when(marks: &[Mark], number: u64) -> DateTime {
    let mark = marks.iter().find(|mark| mark.sms >= number);
    mark.map_or(DateTime::MAX, |mark| mark.at)
}
