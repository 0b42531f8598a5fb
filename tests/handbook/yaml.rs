//! A YAML file as compose reads it: anchors resolved, `<<` merged in.

use std::path::Path;

use yaml_rust2::yaml::Hash;
use yaml_rust2::{Yaml, YamlLoader};

/// The document of a file.
pub(crate) fn read(path: &Path) -> Yaml {
    let text = std::fs::read_to_string(path).unwrap();
    merged(YamlLoader::load_from_str(&text).unwrap().remove(0))
}

fn merged(node: Yaml) -> Yaml {
    if let Some(items) = node.as_vec() {
        return Yaml::Array(items.iter().cloned().map(merged).collect());
    }
    let Some(map) = node.as_hash() else {
        return node;
    };
    let (mut whole, mut own) = (Hash::new(), Hash::new());
    for (key, value) in map {
        match (key.as_str(), merged(value.clone())) {
            (Some("<<"), Yaml::Hash(under)) => whole.extend(under),
            (_, value) => drop(own.insert(key.clone(), value)),
        }
    }
    whole.extend(own);
    Yaml::Hash(whole)
}

/// The entries of a mapping, none where there is none.
pub(crate) fn entries(node: &Yaml) -> Vec<(&str, &Yaml)> {
    let map = node.as_hash().into_iter().flatten();
    map.map(|(key, value)| (key.as_str().unwrap(), value))
        .collect()
}

/// The words of a sequence, or the keys of a mapping.
pub(crate) fn words(node: &Yaml) -> Vec<&str> {
    let listed = node.as_vec().into_iter().flatten();
    let listed = listed.filter_map(Yaml::as_str);
    listed
        .chain(entries(node).into_iter().map(|(key, _)| key))
        .collect()
}
