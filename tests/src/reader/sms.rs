//! What holds of SMS: letters that cost one, few segments, and everything said that fits.

use super::{Message, Must, Saying, expanded};

/// Characters of one segment, and of each of two (GSM-7).
const ONE: usize = 160;
const TWO: usize = 2 * 153;

/// What is wrong with an SMS.
pub(super) fn faults(message: &Message, saying: &Saying) -> Vec<String> {
    let text = &message.text;
    let mut faults = Vec::new();
    if !text.chars().all(is_plain) {
        faults.push("letters that make an SMS dear".to_owned());
    }
    let counted = segments(text);
    if counted != message.segments || counted > 2 {
        faults.push(format!("{} segments, and not {counted}", message.segments));
    }
    if text.contains("http") || text.contains("www.") || text.contains("dong)") {
        faults.push("a link or an amount in an SMS".to_owned());
    }
    let length = text.chars().count();
    let here = if length <= ONE { ONE } else { TWO };
    let room_for = saying.where_it_fits.iter().map(|must| (must, here));
    let worth_two = saying.worth_two.iter().map(|must| (must, TWO));
    for (must, room) in room_for.chain(worth_two) {
        if left_out_needlessly(text, must, room) {
            faults.push(format!("{} would fit: {}", must.what, must.sms));
        }
    }
    faults
}

/// Letters of the basic table that no keyboard needs a second septet for.
fn is_plain(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_control() && !"^{}\\[~]|`".contains(c)
}

/// What a network counts.
#[must_use]
pub(super) fn segments(text: &str) -> usize {
    let length = text.chars().count();
    if length <= ONE {
        1
    } else {
        length.div_ceil(TWO / 2)
    }
}

/// Whether something is not said although there is room: with a blank and brackets around it.
fn left_out_needlessly(text: &str, must: &Must, room: usize) -> bool {
    let said = expanded(text).contains(&expanded(&must.sms));
    !said && text.chars().count() + must.sms.chars().count() + " ()".len() <= room
}
