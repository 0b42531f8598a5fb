//! What an update reads: the fields that its mask names, each as strictly as when it was new.

use bytes::Bytes;
use lienminh_cli::load::fresh_request_id;
use prost::Message as _;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage as _, Value};
use tonic::{Code, Status};

use super::bodies::{Duty, Wrong, is_output_only, wrong_updates};
use super::judge::{judge, violated};
use super::met::Met;
use super::names::put_names;
use super::rpc::Rpc;

/// Masks that name nothing which can be changed.
fn wrong_masks() -> Vec<Vec<String>> {
    let one = |path: &str| vec![path.to_owned()];
    vec![
        one("nothing_like_it"),
        one(""),
        one("."),
        one("displayName"),
        one("name.inner"),
        one("etag."),
        one("a\0b"),
        one(&"ă".repeat(70_000)),
        vec!["*".to_owned(), "name".to_owned()],
        vec!["etag".to_owned(); 101],
    ]
}

/// Every update of the descriptors, of a resource that is there. Whatever it refuses leaves the
/// resource as it was, its version included.
pub(super) async fn are_refused_by_field(
    token: &str,
    good: &[(Rpc, DynamicMessage)],
    met: &mut Met,
) {
    let mut made = Vec::new();
    let mut faults = Vec::new();
    let mut calls = 0;
    let updates = good
        .iter()
        .filter(|(rpc, _)| rpc.input().get_field_by_name("update_mask").is_some());
    for (rpc, _) in updates {
        let update = Update::prepare(rpc, token, good, &mut made).await;
        update.walk_masks(&mut faults, met).await;
        calls += update.walk_fields(&mut faults, met).await;
    }
    println!("{calls} updates");
    assert!(made.len() >= 3 && calls > 200, "{made:?}, {calls}");
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// An rpc that updates, and what it updates.
pub(super) struct Update<'g> {
    pub(super) rpc: &'g Rpc,
    reader: &'g Rpc,
    token: &'g str,
    /// The field of the request that holds the resource.
    pub(super) resource: FieldDescriptor,
    pub(super) present: DynamicMessage,
}

impl<'g> Update<'g> {
    /// Makes a resource with the rpc that creates such ones.
    async fn prepare(
        rpc: &'g Rpc,
        token: &'g str,
        good: &'g [(Rpc, DynamicMessage)],
        made: &mut Vec<(String, String)>,
    ) -> Self {
        let output = rpc.method.output();
        let verb = |verb: &str| {
            let found = good.iter().find(|(each, _)| {
                each.own_name().starts_with(verb) && each.method.output() == output
            });
            found.unwrap_or_else(|| panic!("{}: no rpc to {verb} one", rpc.name()))
        };
        let (creator, base) = verb("Create");
        let (reader, _) = verb("Get");
        let mut base = base.clone();
        put_names(&mut base, made);
        base.set_field_by_name("validate_only", Value::Bool(false));
        base.set_field_by_name("request_id", Value::String(fresh_request_id()));
        let answer = creator
            .call(Some(token), "en", base.encode_to_vec().into())
            .await;
        let answer = answer.unwrap_or_else(|status| panic!("{}: {status:?}", creator.name()));
        let present = DynamicMessage::decode(output.clone(), answer).unwrap();
        let name = name_of(&present);
        made.push((name.rsplit('/').nth(1).unwrap_or_default().to_owned(), name));
        Self::of(rpc, reader, token, present)
    }

    /// The update of what is there.
    pub(super) fn of(
        rpc: &'g Rpc,
        reader: &'g Rpc,
        token: &'g str,
        present: DynamicMessage,
    ) -> Self {
        let is_resource = |field: &FieldDescriptor| matches!(field.kind(), Kind::Message(message) if message == present.descriptor());
        let resource = rpc.input().fields().find(is_resource).unwrap();
        Self {
            rpc,
            reader,
            token,
            resource,
            present,
        }
    }

    /// The resource as it is, under this mask.
    pub(super) fn request(&self, mask: &[String], validate_only: bool) -> DynamicMessage {
        let mut request = DynamicMessage::new(self.rpc.input());
        let mut resource = self.present.clone();
        resource.clear_field_by_name("etag");
        request.set_field(&self.resource, Value::Message(resource));
        request.set_field_by_name("update_mask", Value::Message(self.mask(mask)));
        request.set_field_by_name("request_id", Value::String(fresh_request_id()));
        request.set_field_by_name("validate_only", Value::Bool(validate_only));
        request
    }

    fn mask(&self, paths: &[String]) -> DynamicMessage {
        let field = self.rpc.input().get_field_by_name("update_mask").unwrap();
        let Kind::Message(inner) = field.kind() else {
            panic!("{}: a mask is a message", self.rpc.name());
        };
        let mut mask = DynamicMessage::new(inner);
        let paths = paths.iter().cloned().map(Value::String).collect();
        mask.set_field_by_name("paths", Value::List(paths));
        mask
    }

    pub(super) async fn call(&self, language: &str, body: Bytes) -> Result<Bytes, Status> {
        self.rpc.call(Some(self.token), language, body).await
    }

    /// The resource with its etag, which changes with every change.
    pub(super) async fn read(&self) -> Bytes {
        let name = name_of(&self.present);
        get(self.reader, self.token, &name).await.unwrap()
    }

    async fn walk_masks(&self, faults: &mut Vec<String>, met: &mut Met) {
        let before = self.read().await;
        for (turn, mask) in wrong_masks().into_iter().enumerate() {
            let language = ["vi", "en"][turn % 2];
            let wrong = Wrong {
                what: format!("mask {:.40}", mask.join(",")),
                body: self.request(&mask, false).encode_to_vec().into(),
                path: Some("update_mask".to_owned()),
                duty: Duty::Refuse,
            };
            let answer = self.call(language, wrong.body.clone()).await;
            met.wrong(self.rpc, &wrong, &[], answer.as_ref().err());
            self.note(faults, &wrong, judge(&wrong, &[], language, answer));
        }
        // Everything is cleared, also what there has to be.
        let mut bare = DynamicMessage::new(self.present.descriptor());
        bare.set_field_by_name("name", Value::String(name_of(&self.present)));
        let mut request = self.request(&["*".to_owned()], false);
        request.set_field(&self.resource, Value::Message(bare));
        let answer = self.call("en", request.encode_to_vec().into()).await;
        let code = answer.err().map(|status| status.code());
        if code != Some(Code::InvalidArgument) {
            faults.push(format!("{}, * and nothing: {code:?}", self.rpc.name()));
        }
        self.is_unchanged(&before, "masks", faults).await;
    }

    async fn walk_fields(&self, faults: &mut Vec<String>, met: &mut Met) -> usize {
        let before = self.read().await;
        let (mut calls, mut updatable) = (0, Vec::new());
        for field in self.present.descriptor().fields() {
            let mask = [field.name().to_owned()];
            let request = self.request(&mask, false);
            let answer = self.call("en", request.encode_to_vec().into()).await;
            match answer {
                Ok(_) => updatable.push(field),
                Err(status) if violated(&status) == ["update_mask"] => {}
                Err(status) => faults.push(format!("{}, {mask:?}: {status:?}", self.rpc.name())),
            }
        }
        for field in &updatable {
            let kept = matches!(field.name(), "name" | "etag") || is_output_only(field);
            if kept {
                faults.push(format!("{}: {} is written", self.rpc.name(), field.name()));
            }
            calls += self.walk_field(field, faults, met).await;
            let other = updatable.iter().find(|other| *other != field);
            self.is_not_read(field, other, faults).await;
            self.is_unchanged(&before, field.name(), faults).await;
        }
        if updatable.is_empty() {
            faults.push(format!("{} updates nothing", self.rpc.name()));
        }
        calls
    }

    /// Wrong values of a field are refused under the mask that names it, under `*` and under none.
    async fn walk_field(
        &self,
        field: &FieldDescriptor,
        faults: &mut Vec<String>,
        met: &mut Met,
    ) -> usize {
        let own = vec![field.name().to_owned()];
        let mut calls = 0;
        for mask in [own, vec!["*".to_owned()], Vec::new()] {
            // The other two read the same way; a few values tell.
            let most = if mask == ["*"] || mask.is_empty() {
                3
            } else {
                usize::MAX
            };
            let wrongs = wrong_updates(&self.request(&mask, false), &self.resource, field);
            for (turn, wrong) in wrongs.into_iter().take(most).enumerate() {
                // What may be taken is only rehearsed.
                let body = if wrong.duty == Duty::Name {
                    rehearsed(self.rpc, &wrong.body)
                } else {
                    wrong.body.clone()
                };
                let language = ["vi", "en"][turn % 2];
                let answer = self.call(language, body).await;
                calls += 1;
                met.wrong(self.rpc, &wrong, &[], answer.as_ref().err());
                self.note(faults, &wrong, judge(&wrong, &[], language, answer));
            }
        }
        calls
    }

    /// A wrong value beside what the mask names is nobody's business.
    async fn is_not_read(
        &self,
        field: &FieldDescriptor,
        other: Option<&FieldDescriptor>,
        faults: &mut Vec<String>,
    ) {
        let Some(other) = other else { return };
        let base = self.request(&[other.name().to_owned()], false);
        let wrongs = wrong_updates(&base, &self.resource, field);
        let readable =
            |wrong: &&Wrong| DynamicMessage::decode(self.rpc.input(), wrong.body.clone()).is_ok();
        let Some(wrong) = wrongs.iter().find(readable) else {
            return;
        };
        if let Err(status) = self.call("en", wrong.body.clone()).await {
            let (rpc, what, other) = (self.rpc.name(), &wrong.what, other.name());
            faults.push(format!("{rpc}, {what} beside the mask {other}: {status:?}"));
        }
    }

    fn note(&self, faults: &mut Vec<String>, wrong: &Wrong, fault: Option<String>) {
        faults.extend(fault.map(|fault| format!("{}, {}: {fault}", self.rpc.name(), wrong.what)));
    }

    async fn is_unchanged(&self, before: &Bytes, after: &str, faults: &mut Vec<String>) {
        if self.read().await != *before {
            faults.push(format!("{} changed by {after}", self.rpc.name()));
        }
    }
}

/// What has this name.
pub(super) async fn get(reader: &Rpc, token: &str, name: &str) -> Result<Bytes, Status> {
    let mut request = DynamicMessage::new(reader.input());
    request.set_field_by_name("name", Value::String(name.to_owned()));
    let body = request.encode_to_vec().into();
    reader.call(Some(token), "en", body).await
}

/// The same body, to be checked only; what cannot be decoded stays as it is.
fn rehearsed(rpc: &Rpc, body: &Bytes) -> Bytes {
    let Ok(mut message) = DynamicMessage::decode(rpc.input(), body.clone()) else {
        return body.clone();
    };
    message.set_field_by_name("validate_only", Value::Bool(true));
    message.encode_to_vec().into()
}

fn name_of(message: &DynamicMessage) -> String {
    let name = message.get_field_by_name("name").unwrap();
    name.as_str().unwrap().to_owned()
}
