//! Real names in learnt requests.

use prost_reflect::{DynamicMessage, Value};

/// Puts real names in the place of made-up ones of the same kind; false where there were none.
pub(crate) fn put_names<K: AsRef<str>>(
    message: &mut DynamicMessage,
    affairs: &[(K, String)],
) -> bool {
    let mut found = false;
    let fields: Vec<_> = message
        .fields()
        .map(|(field, value)| (field, value.clone()))
        .collect();
    for (field, mut value) in fields {
        if put(&mut value, affairs) {
            message.set_field(&field, value);
            found = true;
        }
    }
    found
}

fn put<K: AsRef<str>>(value: &mut Value, affairs: &[(K, String)]) -> bool {
    // Of the many kinds of values three hold names.
    #[allow(clippy::wildcard_enum_match_arm)]
    match value {
        Value::String(text) => {
            let kind = |name: &str| name.rsplit('/').nth(1).map(str::to_owned);
            let real = affairs
                .iter()
                .find(|(of, _)| kind(text).as_deref() == Some(of.as_ref()));
            real.inspect(|(_, name)| text.clone_from(name)).is_some()
        }
        Value::Message(inner) => put_names(inner, affairs),
        Value::List(values) => values
            .iter_mut()
            .fold(false, |found, each| put(each, affairs) | found),
        _ => false,
    }
}
