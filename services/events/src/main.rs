//! The events service as a program.

fn main() -> std::process::ExitCode {
    kit::service::main::<events::Events>()
}
