//! Connections to the four services, with the caller's token and language.

mod dialled;

use std::time::Duration;

use anyhow::{Context, bail};
use lienminh_proto::{events, funding, notifier, obligation, registry};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Endpoint;
use tonic_types::StatusExt;
use vietnam::text::remark;

use self::dialled::Dialled;
use crate::args::Connection;
use crate::help;
use crate::language::phrase;

/// A person waits: longer than any call should take.
const CALL_DEADLINE: Duration = Duration::from_secs(30);
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// A channel that carries the caller's token.
pub type Caller = InterceptedService<Dialled, Credentials>;

/// Adds token and language to every call.
#[derive(Clone)]
pub struct Credentials {
    bearer: MetadataValue<Ascii>,
    language: MetadataValue<Ascii>,
}

impl Interceptor for Credentials {
    fn call(
        &mut self,
        mut request: tonic::Request<()>,
    ) -> Result<tonic::Request<()>, tonic::Status> {
        request
            .metadata_mut()
            .insert("authorization", self.bearer.clone());
        request
            .metadata_mut()
            .insert("accept-language", self.language.clone());
        Ok(request)
    }
}

/// Clients of every service, connected when first used.
#[derive(Clone)]
pub struct Clients {
    registry: Caller,
    events: Caller,
    funding: Caller,
    notifier: Caller,
}

impl Clients {
    /// Clients for these addresses and this token.
    ///
    /// # Errors
    /// No token is given, or an address is not one.
    pub fn new(connection: &Connection) -> anyhow::Result<Self> {
        let token = match (&connection.token, &connection.token_file) {
            (Some(token), _) => token.clone(),
            (None, Some(file)) => kit::file::text(file).with_context(|| {
                let file = file.display();
                phrase!(
                    "không đọc được tệp mã truy cập {file}",
                    "the token file {file} cannot be read"
                )
            })?,
            (None, None) => bail!(phrase!(
                "thiếu mã truy cập: đặt biến LIENMINH_TOKEN hoặc thêm --token-file (`lienminh token issue` tạo mã)",
                "no token: set LIENMINH_TOKEN, or pass --token-file (`lienminh token issue` makes one)"
            )),
        };
        let credentials = Credentials {
            bearer: format!("Bearer {}", token.trim())
                .parse()
                .with_context(|| {
                    phrase!("mã truy cập không đúng dạng", "the token is not a token")
                })?,
            language: connection
                .language
                .parse()
                .context("LIENMINH_LANGUAGE: vi | en")?,
        };
        let certificates = connection.certificates.read()?;
        let dial = |service: &'static str, url: &str| -> anyhow::Result<Caller> {
            let endpoint = Endpoint::from_shared(url.to_owned())
                .with_context(|| {
                    phrase!(
                        "{url} không phải địa chỉ như http://127.0.0.1:7101",
                        "{url} is not an address like http://127.0.0.1:7101"
                    )
                })?
                .connect_timeout(CONNECT_DEADLINE)
                .timeout(CALL_DEADLINE);
            let channel = certificates.secure(endpoint)?.connect_lazy();
            Ok(InterceptedService::new(
                Dialled::new(channel, service, url),
                credentials.clone(),
            ))
        };
        Ok(Self {
            registry: dial("registry", &connection.registry_url)?,
            events: dial("events", &connection.events_url)?,
            funding: dial("funding", &connection.funding_url)?,
            notifier: dial("notifier", &connection.notifier_url)?,
        })
    }

    /// Organisations.
    #[must_use]
    pub fn organisations(
        &self,
    ) -> registry::v1::organisation_service_client::OrganisationServiceClient<Caller> {
        registry::v1::organisation_service_client::OrganisationServiceClient::new(
            self.registry.clone(),
        )
    }

    /// Contacts.
    #[must_use]
    pub fn contacts(&self) -> registry::v1::contact_service_client::ContactServiceClient<Caller> {
        registry::v1::contact_service_client::ContactServiceClient::new(self.registry.clone())
    }

    /// Admission batches.
    #[must_use]
    pub fn admissions(
        &self,
    ) -> registry::v1::admission_service_client::AdmissionServiceClient<Caller> {
        registry::v1::admission_service_client::AdmissionServiceClient::new(self.registry.clone())
    }

    /// Plans.
    #[must_use]
    pub fn plans(&self) -> events::v1::plan_service_client::PlanServiceClient<Caller> {
        events::v1::plan_service_client::PlanServiceClient::new(self.events.clone())
    }

    /// Events.
    #[must_use]
    pub fn events(&self) -> events::v1::event_service_client::EventServiceClient<Caller> {
        events::v1::event_service_client::EventServiceClient::new(self.events.clone())
    }

    /// Deadlines.
    #[must_use]
    pub fn deadlines(&self) -> events::v1::deadline_service_client::DeadlineServiceClient<Caller> {
        events::v1::deadline_service_client::DeadlineServiceClient::new(self.events.clone())
    }

    /// Answers by code.
    #[must_use]
    pub fn answers(&self) -> events::v1::answer_service_client::AnswerServiceClient<Caller> {
        events::v1::answer_service_client::AnswerServiceClient::new(self.events.clone())
    }

    /// The events service as the owner of obligations.
    #[must_use]
    pub fn event_source(
        &self,
    ) -> obligation::v1::obligation_source_service_client::ObligationSourceServiceClient<Caller>
    {
        obligation::v1::obligation_source_service_client::ObligationSourceServiceClient::new(
            self.events.clone(),
        )
    }

    /// Support money.
    #[must_use]
    pub fn funding(&self) -> funding::v1::funding_service_client::FundingServiceClient<Caller> {
        funding::v1::funding_service_client::FundingServiceClient::new(self.funding.clone())
    }

    /// The reminder desk.
    #[must_use]
    pub fn notifier(&self) -> notifier::v1::notifier_service_client::NotifierServiceClient<Caller> {
        notifier::v1::notifier_service_client::NotifierServiceClient::new(self.notifier.clone())
    }

    /// The hold after a restore.
    #[must_use]
    pub fn hold(&self) -> notifier::v1::hold_service_client::HoldServiceClient<Caller> {
        notifier::v1::hold_service_client::HoldServiceClient::new(self.notifier.clone())
    }

    /// Messages that nobody could handle.
    #[must_use]
    pub fn parking(&self) -> notifier::v1::parking_service_client::ParkingServiceClient<Caller> {
        notifier::v1::parking_service_client::ParkingServiceClient::new(self.notifier.clone())
    }
}

/// Everything of a list, page by page: `page` takes a page token and answers with the entries and
/// the token of the next page, empty on the last.
///
/// # Errors
/// A call is refused.
pub async fn every<T, F, Fut>(mut page: F) -> Result<Vec<T>, tonic::Status>
where
    F: FnMut(String) -> Fut,
    Fut: Future<Output = Result<(Vec<T>, String), tonic::Status>>,
{
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let (entries, next) = page(page_token).await?;
        all.extend(entries);
        if next.is_empty() {
            return Ok(all);
        }
        page_token = next;
    }
}

/// Entries that a page holds at most.
pub const PAGE: i32 = 200;

/// What is wrong with a field, by the flag or place where the person typed it.
fn of_field(field: &str, reason: &str) -> String {
    let label = match help::typed() {
        Some(typed) => typed.label(field),
        None => Some(field),
    };
    label.map_or_else(|| reason.to_owned(), |label| format!("{label}: {reason}"))
}

/// A refusal in words: the message in the caller's language, or every field, each once. What
/// does not come from a service of ours is somebody's remark and told as one.
#[must_use]
pub fn in_words(status: &tonic::Status) -> String {
    let ours = status
        .get_details_error_info()
        .is_some_and(|info| info.domain == kit::error::DOMAIN);
    let told = |text: &str| if ours { text.to_owned() } else { remark(text) };
    let mut words = status.get_details_localized_message().map_or_else(
        || told(status.message()),
        |localized| told(&localized.message),
    );
    let bad = status.get_details_bad_request();
    let violations = bad.map_or_else(Vec::new, |bad| bad.field_violations);
    let each: Vec<String> = violations
        .into_iter()
        .map(|violation| {
            let reason = violation
                .localized_message
                .map_or(violation.description, |localized| localized.message);
            of_field(&told(&violation.field), &told(&reason))
        })
        .collect();
    match each.as_slice() {
        // The message says the same of the only one.
        [only] => words.clone_from(only),
        many => many
            .iter()
            .for_each(|one| words.push_str(&format!("\n  {one}"))),
    }
    if words.is_empty() {
        status.code().description().to_owned()
    } else {
        words
    }
}

#[cfg(test)]
mod tests {
    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn what_a_stranger_answers_is_told_without_its_controls_and_numbers() {
        let status = tonic::Status::unknown("\u{1b}[2Jgọi 0912 345 678\r\nlienminh: xong\u{202e}");
        assert_eq!(in_words(&status), "[2Jgọi (number) lienminh: xong");
        let details = ErrorDetails::with_bad_request_violation("a\u{1b}b", "an@example.com");
        let status = tonic::Status::with_error_details(tonic::Code::Unknown, "", details);
        assert_eq!(in_words(&status), "ab: (address)");
    }

    #[test]
    fn what_our_services_answer_is_told_in_full() {
        let details = ErrorDetails::with_error_info("BUDGET_EXCEEDED", "lienminh", []);
        let text = "845000000000 VND are available";
        let status = tonic::Status::with_error_details(tonic::Code::Unknown, text, details);
        assert_eq!(in_words(&status), text);
    }
}
