//! What of an event and a deadline may be printed: nothing that has lost its meaning.

use jiff::civil::Date;
use vietnam::calendar::Calendar;

use super::anchor::Anchor;
use super::deadline::Deadline;
use super::event::Event;
use super::place::Place;
use super::written::{Lost, Text};

impl Event {
    /// The last day to reply, where it still means something: not behind the event, and
    /// not that of a date which was taken away.
    #[must_use]
    pub fn reply_by_in_force(&self) -> Option<Date> {
        let written_for = self.written.time_of(Text::ReplyBy, &self.anchor);
        let stands = *written_for == Anchor::Unknown || written_for.same_time(&self.anchor);
        let last = self.anchor.last_day();
        self.reply_by
            .filter(|day| stands && last.is_none_or(|last| *day <= last))
    }

    /// The last day to reply that goes along with a move to `anchor`: as many working
    /// days before it as now, or as many days where no working day lies between.
    #[must_use]
    pub fn reply_by_moved_to(&self, anchor: &Anchor, calendar: &Calendar) -> Option<Date> {
        let reply_by = self.reply_by?;
        let written_for = self.written.time_of(Text::ReplyBy, &self.anchor);
        let (from, to) = (written_for.first_day()?, anchor.first_day()?);
        if from == to || written_for.outlines(anchor) {
            return Some(reply_by);
        }
        let moved = match calendar.working_days_between(from, reply_by) {
            0 => to.saturating_add(reply_by - from),
            distance => calendar.add_working_days(to, distance),
        };
        Some(moved).filter(|day| anchor.last_day().is_none_or(|last| *day <= last))
    }

    /// The event as it may be printed: without the sentences of another time.
    #[must_use]
    pub fn as_printed(&self) -> Self {
        let (written, anchor) = (&self.written, &self.anchor);
        let hint = written.kept(Text::Hint, &self.place.hint, anchor);
        Self {
            place: Place {
                hint,
                ..self.place.clone()
            },
            bring: written.kept(Text::Bring, &self.bring, anchor),
            agenda: written.kept_lines(Text::Agenda, &self.agenda, anchor),
            ..self.clone()
        }
    }

    /// The same on a day: without a last day to reply that is over by then.
    #[must_use]
    pub fn as_printed_on(&self, today: Date) -> Self {
        Self {
            reply_by: self.reply_by_in_force().filter(|last| *last >= today),
            ..self.as_printed()
        }
    }

    /// The sentences that are printed to nobody, because they are of another time.
    #[must_use]
    pub fn lost(&self) -> Vec<Lost> {
        let one = |text, words| self.written.lost(text, words, &self.anchor);
        let mut lost = one(Text::Hint, &self.place.hint);
        lost.extend(one(Text::Bring, &self.bring));
        lost.extend(self.agenda.iter().flat_map(|line| one(Text::Agenda, line)));
        lost
    }
}

impl Deadline {
    /// The deadline as it may be printed: without the sentences of another last day.
    #[must_use]
    pub fn as_printed(&self) -> Self {
        let (written, anchor) = (&self.written, &self.anchor);
        Self {
            contents: written.kept_lines(Text::Contents, &self.contents, anchor),
            submit_to: written.kept(Text::SubmitTo, &self.submit_to, anchor),
            ..self.clone()
        }
    }

    /// The sentences that are printed to nobody, because they are of another last day.
    #[must_use]
    pub fn lost(&self) -> Vec<Lost> {
        let one = |text, words| self.written.lost(text, words, &self.anchor);
        let contents = self.contents.iter();
        let mut lost: Vec<Lost> = contents
            .flat_map(|line| one(Text::Contents, line))
            .collect();
        lost.extend(one(Text::SubmitTo, &self.submit_to));
        lost
    }
}

#[cfg(test)]
#[path = "printed_tests.rs"]
mod tests;
