//! Taking an order: refused, known already, in hand already, or accepted for good.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::esms::Noise;
use super::gateway::{AcceptedSms, Known, Shared};
use super::rules::{Answer, Receipt, count};

/// An order as either API understands it.
pub(super) struct Order {
    pub(super) brandname: String,
    pub(super) callback_url: String,
    pub(super) kind: String,
    pub(super) request_id: String,
    pub(super) text: String,
    pub(super) to: String,
}

/// What to tell the sender; each API has its own words for it.
pub(super) enum Told {
    Accepted(AcceptedSms),
    /// Accepted, and the answer says so in no way that is documented.
    Noise(Noise, AcceptedSms),
    /// Accepted before.
    Duplicate(AcceptedSms),
    /// The same order is in hand at this moment.
    InProcess,
    Refused(u16),
    /// This HTTP status.
    Broken(u16),
}

/// Takes an order to its end, also when its sender hangs up meanwhile: what has been accepted must
/// be remembered as such.
pub(super) async fn take(gateway: Arc<Shared>, order: Order) -> Told {
    tokio::spawn(async move { gateway.take(order).await })
        .await
        .unwrap_or(Told::Broken(500))
}

impl Shared {
    async fn take(&self, order: Order) -> Told {
        count(&self.tally.orders);
        let number = national(&order.to);
        if let Some(code) = self.rules.refuses_first(&number) {
            count(&self.tally.refused);
            return Told::Refused(code);
        }
        match self.look(&order.request_id) {
            Known::New => {}
            Known::Accepted(sms) => {
                count(&self.tally.duplicates);
                return Told::Duplicate(sms);
            }
            Known::InHand => {
                count(&self.tally.duplicates);
                return Told::InProcess;
            }
        }
        let request_id = order.request_id.clone();
        let told = self.treat(order, number).await;
        self.put_down(&request_id);
        told
    }

    async fn treat(&self, order: Order, number: String) -> Told {
        let treatment = self.rules.next(&number);
        let (pause, noise) = match treatment.answer {
            Answer::Refuse(code) | Answer::RefuseFirst(code) => {
                count(&self.tally.refused);
                return Told::Refused(code);
            }
            Answer::HttpError(status) => {
                count(&self.tally.refused);
                return Told::Broken(status);
            }
            Answer::Accept => (Duration::ZERO, None),
            Answer::AcceptThenNoise(noise) => (Duration::ZERO, Some(noise)),
            Answer::AcceptThenSilence(pause) | Answer::Slow(pause) => (pause, None),
        };
        let callback_url = order.callback_url.clone();
        let Ok(sms) = self.accept(order, number, treatment.receipt).await else {
            return Told::Broken(500);
        };
        if treatment.receipt == Receipt::BeforeAnswer {
            self.callbacks.tell_now(&callback_url, &sms).await;
        } else {
            self.callbacks
                .tell_later(callback_url, sms.clone(), treatment.receipt);
        }
        tokio::time::sleep(pause).await;
        if let Some(noise) = noise {
            count(&self.tally.unanswered);
            return Told::Noise(noise, sms);
        }
        if matches!(treatment.answer, Answer::AcceptThenSilence(_)) {
            count(&self.tally.unanswered);
            return Told::Broken(504);
        }
        Told::Accepted(sms)
    }

    async fn accept(
        &self,
        order: Order,
        number: String,
        receipt: Receipt,
    ) -> anyhow::Result<AcceptedSms> {
        let sms = AcceptedSms {
            number: self.numbers.fetch_add(1, Ordering::Relaxed) + 1,
            at: self.now(),
            id: uuid::Uuid::now_v7().to_string(),
            request_id: order.request_id,
            segments: super::text::segments(&order.text),
            to: number,
            text: order.text,
            brandname: order.brandname,
            kind: order.kind,
            delivers: !matches!(receipt, Receipt::Failed),
        };
        self.log.append(&sms).await?;
        self.keep(sms.clone());
        count(&self.tally.accepted);
        Ok(sms)
    }
}

/// `+84 59 000 0000` and `8459…` are `059…`.
pub(super) fn national(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("84") {
        Some(rest) if digits.len() > 10 => format!("0{rest}"),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_in_their_national_form() {
        assert_eq!(national("+84 59 000 0001"), "0590000001");
        assert_eq!(national("84590000001"), "0590000001");
        assert_eq!(national("0590000001"), "0590000001");
        assert_eq!(national("0842000001"), "0842000001");
    }
}
