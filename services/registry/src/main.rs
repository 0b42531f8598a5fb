//! The registry service.

fn main() -> std::process::ExitCode {
    kit::service::main::<registry::Registry>()
}
