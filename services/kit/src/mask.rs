//! Field masks of updates (AIP-134, AIP-161).
//!
//! - No mask, or an empty one: the fields that the request fills.
//! - `*`: everything that may be updated; what the request leaves empty is cleared.
//! - `address.street`: one field inside a message. Lists and maps are replaced as
//!   a whole, never entered.
//! - A path that the resource does not have, or that only the server writes, is
//!   refused and named; so is, to a caller bound to one organisation, a change of what
//!   the contract does not mark as its own.

use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};
use prost_types::FieldMask;
use vietnam::text::excerpt;

use crate::auth::Caller;
use crate::descriptors;
use crate::error::{Error, Result, Violation, Violations};

/// Paths a mask may hold: more than any resource of ours has fields.
const MAX_PATHS: usize = 100;

/// The mark of fields that members write of what is theirs.
const OWN: &str = "lienminh.auth.v1.own";

/// Which fields of a resource an update writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    descriptor: MessageDescriptor,
    paths: Vec<String>,
}

impl Mask {
    /// Reads the mask of an update.
    ///
    /// `type_name` is the full proto type of the resource, `resource` what the
    /// request brings, `updatable` the paths that callers may write; a message
    /// named there may be written in part.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] naming `update_mask` and the path.
    pub fn read<M: Message>(
        type_name: &str,
        mask: Option<&FieldMask>,
        resource: &M,
        updatable: &[&str],
    ) -> Result<Self> {
        let descriptor = descriptor_of(type_name)?;
        let asked = mask.map_or(&[][..], |mask| &mask.paths);
        let paths = if asked.is_empty() {
            filled(&descriptor, resource, updatable)?
        } else if asked == ["*"] {
            updatable.iter().map(|path| (*path).to_owned()).collect()
        } else {
            checked(&descriptor, asked, updatable)?
        };
        Ok(Self { descriptor, paths })
    }

    /// The same, unless it names one of the parts that only the server writes of a
    /// message that may be updated.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] naming `update_mask` and the path.
    pub fn refusing(self, kept: &[&str]) -> Result<Self> {
        let named = |path: &&String| kept.iter().any(|part| is_within(path, part));
        let paths = self.paths.iter().filter(named);
        let violations: Violations = paths.map(|path| not_updatable(path)).collect();
        violations.into_result()?;
        Ok(self)
    }

    /// Whether the update writes `path`, a part of it, or a message around it.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.paths
            .iter()
            .any(|own| is_within(own, path) || is_within(path, own))
    }

    /// Whether the update writes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// The paths that the update writes.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// Refuses a caller bound to one organisation that would change a field of `resource`,
    /// the field `name` of the request, which the contract does not mark as its own. To be
    /// asked before anything that could tell whether something of another one exists.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] naming every such field.
    pub fn own_only<M: Message>(
        &self,
        caller: &Caller,
        name: &str,
        current: &M,
        resource: &M,
    ) -> Result<()> {
        if caller.organisation.is_none() {
            return Ok(());
        }
        let changed = self.changes(current, resource)?;
        let violations: Violations = changed
            .into_iter()
            .filter(|path| !is_own(&self.descriptor, path))
            .map(|path| Violation::officers_only(format!("{name}.{path}")))
            .collect();
        violations.into_result()
    }

    /// The paths under which the update makes a difference to `current`.
    fn changes<M: Message>(&self, current: &M, resource: &M) -> Result<Vec<&str>> {
        let target = reflect(&self.descriptor, current)?;
        let source = reflect(&self.descriptor, resource)?;
        let differs = |path: &&str| {
            let mut after = target.clone();
            copy(&mut after, &source, path);
            after != target
        };
        Ok(self
            .paths
            .iter()
            .map(String::as_str)
            .filter(differs)
            .collect())
    }

    /// The resource as it is after the update: `current`, with the fields of the
    /// mask taken from `resource`.
    ///
    /// # Errors
    /// [`Error::Internal`] when `M` is not the type of the mask.
    pub fn apply<M: Message + Default>(&self, current: &M, resource: &M) -> Result<M> {
        let mut target = reflect(&self.descriptor, current)?;
        let source = reflect(&self.descriptor, resource)?;
        for path in &self.paths {
            copy(&mut target, &source, path);
        }
        M::decode(target.encode_to_vec().as_slice()).map_err(Error::internal)
    }
}

fn descriptor_of(type_name: &str) -> Result<MessageDescriptor> {
    descriptors::pool()
        .get_message_by_name(type_name)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("the contracts know no {type_name}")))
}

fn reflect<M: Message>(descriptor: &MessageDescriptor, message: &M) -> Result<DynamicMessage> {
    DynamicMessage::decode(descriptor.clone(), message.encode_to_vec().as_slice())
        .map_err(Error::internal)
}

/// Whether `path` is `around` or lies inside it.
fn is_within(path: &str, around: &str) -> bool {
    path.strip_prefix(around)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn filled<M: Message>(
    descriptor: &MessageDescriptor,
    resource: &M,
    updatable: &[&str],
) -> Result<Vec<String>> {
    let message = reflect(descriptor, resource)?;
    Ok(updatable
        .iter()
        .filter(|path| is_filled(&message, path))
        .map(|path| (*path).to_owned())
        .collect())
}

fn is_filled(message: &DynamicMessage, path: &str) -> bool {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    if !message.has_field_by_name(first) {
        return false;
    }
    let Some(rest) = rest else {
        return true;
    };
    message.get_field_by_name(first).is_some_and(|value| {
        value
            .as_message()
            .is_some_and(|inner| is_filled(inner, rest))
    })
}

fn checked(
    descriptor: &MessageDescriptor,
    asked: &[String],
    updatable: &[&str],
) -> Result<Vec<String>> {
    if asked.len() > MAX_PATHS {
        return Err(Error::invalid(Violation::too_many(
            "update_mask",
            MAX_PATHS,
        )));
    }
    let violations: Violations = asked
        .iter()
        .filter_map(|path| refusal(descriptor, path, updatable))
        .collect();
    violations.into_result()?;
    Ok(asked.to_vec())
}

fn refusal(descriptor: &MessageDescriptor, path: &str, updatable: &[&str]) -> Option<Violation> {
    if !exists(descriptor, path) {
        return Some(Violation::new(
            "update_mask",
            "UNKNOWN_FIELD",
            format!("Không có trường “{}”.", excerpt(path)),
            format!("There is no field \"{}\".", excerpt(path)),
        ));
    }
    if updatable.iter().any(|allowed| is_within(path, allowed)) {
        return None;
    }
    Some(not_updatable(path))
}

fn not_updatable(path: &str) -> Violation {
    let path = excerpt(path);
    Violation::new(
        "update_mask",
        "FIELD_NOT_UPDATABLE",
        format!("Trường “{path}” do hệ thống quản lý, không sửa được qua lệnh này."),
        format!("The field \"{path}\" is kept by the server and not updated by this call."),
    )
}

/// Whether the contract marks the field that a path begins with.
fn is_own(descriptor: &MessageDescriptor, path: &str) -> bool {
    let (first, _) = path.split_once('.').unwrap_or((path, ""));
    let field = descriptor.get_field_by_name(first);
    field.is_some_and(|field| descriptors::is_marked(&field, OWN))
}

fn exists(descriptor: &MessageDescriptor, path: &str) -> bool {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    let Some(field) = descriptor.get_field_by_name(first) else {
        return false;
    };
    match rest {
        None => true,
        Some(rest) => inner(&field).is_some_and(|message| exists(&message, rest)),
    }
}

/// The message type of a field that can be entered.
fn inner(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    let Kind::Message(message) = field.kind() else {
        return None;
    };
    (!field.is_list() && !field.is_map()).then_some(message)
}

fn copy(target: &mut DynamicMessage, source: &DynamicMessage, path: &str) {
    let Some((first, rest)) = path.split_once('.') else {
        copy_field(target, source, path);
        return;
    };
    let absent = !source.has_field_by_name(first);
    if absent && !target.has_field_by_name(first) {
        return;
    }
    let from = source.get_field_by_name(first);
    let into = target.get_field_by_name_mut(first);
    if let (Some(from), Some(Value::Message(into))) = (from, into)
        && let Some(from) = from.as_message()
    {
        copy(into, from, rest);
    }
}

fn copy_field(target: &mut DynamicMessage, source: &DynamicMessage, name: &str) {
    if !source.has_field_by_name(name) {
        target.clear_field_by_name(name);
    } else if let Some(value) = source.get_field_by_name(name) {
        target.set_field_by_name(name, value.into_owned());
    }
}

#[cfg(test)]
mod tests;
