//! Secrets: by flag, by environment variable, or, best, by a file.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use secrecy::{ExposeSecret as _, SecretString};

/// Declares the two flags of a secret, `--{flag}` and `--{flag}-file`, with their
/// environment variables `{VARIABLE}` and `{VARIABLE}_FILE`, as a `clap::Args`
/// with `read()` and `require()`.
#[macro_export]
macro_rules! secret {
    ($(#[doc = $doc:literal])+ $name:ident, $flag:literal, $variable:literal, $heading:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default, clap::Args)]
        #[command(next_help_heading = $heading)]
        #[group(skip)]
        pub struct $name {
            $(#[doc = $doc])+
            #[arg(id = $flag, long = $flag, env = $variable, hide_env_values = true, value_name = "SECRET")]
            value: Option<$crate::config::SecretString>,

            /// File that holds the above, instead of showing it to everybody who lists processes.
            #[arg(
                id = concat!($flag, "-file"),
                long = concat!($flag, "-file"),
                env = concat!($variable, "_FILE"),
                value_name = "PATH"
            )]
            file: Option<std::path::PathBuf>,
        }

        impl $name {
            /// The secret, if it is configured.
            ///
            /// # Errors
            /// Its file cannot be read, or it is given twice.
            pub fn read(&self) -> anyhow::Result<Option<$crate::config::SecretString>> {
                $crate::config::read_secret($flag, self.value.as_ref(), self.file.as_deref())
            }

            /// The secret.
            ///
            /// # Errors
            /// As for `read`, or it is not configured.
            pub fn require(&self) -> anyhow::Result<$crate::config::SecretString> {
                self.read()?.ok_or_else(|| {
                    anyhow::anyhow!(concat!("--", $flag, " or --", $flag, "-file is needed"))
                })
            }
        }
    };
}

/// Reads a secret from the one place it is given in. An empty value counts as none.
///
/// # Errors
/// The file cannot be read, or both places are used.
pub fn read_secret(
    flag: &str,
    value: Option<&SecretString>,
    file: Option<&Path>,
) -> Result<Option<SecretString>> {
    let value = value.filter(|value| !value.expose_secret().is_empty());
    let file = file.filter(|file| !file.as_os_str().is_empty());
    match (value, file) {
        (Some(_), Some(_)) => bail!("--{flag} and --{flag}-file are both given"),
        (Some(value), None) => Ok(Some(value.clone())),
        (None, None) => Ok(None),
        (None, Some(file)) => {
            let text = crate::file::text(file)
                .with_context(|| format!("--{flag}-file: cannot read {}", file.display()))?;
            let text = text.trim_end_matches(['\r', '\n']);
            anyhow::ensure!(
                !text.is_empty(),
                "--{flag}-file: {} is empty",
                file.display()
            );
            Ok(Some(text.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_gives_its_content_without_the_line_end() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "s3cret").unwrap();
        let secret = read_secret("key", None, Some(file.path()))
            .unwrap()
            .unwrap();
        assert_eq!(secret.expose_secret(), "s3cret");
    }

    #[test]
    fn an_empty_variable_is_no_secret() {
        assert!(
            read_secret("key", Some(&"".into()), None)
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn a_missing_file_is_told_with_its_flag() {
        let error = read_secret("key", None, Some(Path::new("/nonexistent"))).unwrap_err();
        assert!(format!("{error:#}").starts_with("--key-file"));
    }
}
