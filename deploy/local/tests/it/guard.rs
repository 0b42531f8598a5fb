//! Nothing of a stage outlives it, however it ends.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lienminh_local::process::is_running;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

struct Running {
    child: Child,
    folder: PathBuf,
    processes: Vec<u32>,
}

/// `stage run -- sleep …` in a process group of its own, with everything it has started.
fn running() -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stage"))
        .args(["run", "--", "sleep", "1000"])
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let ready = lines.find(|line| line.contains("ready after")).unwrap();
    let folder = PathBuf::from(ready.split("folder ").nth(1).unwrap());
    let sleep = || {
        of_stage(&folder)
            .into_iter()
            .any(|pid| command_line(pid).starts_with("sleep 1000"))
    };
    let started = Instant::now();
    while !sleep() {
        assert!(started.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(20));
    }
    let processes = of_stage(&folder);
    for program in ["postgres", "beam", "epmd"] {
        assert!(
            processes
                .iter()
                .any(|&pid| command_line(pid).contains(program)),
            "no {program}"
        );
    }
    Running {
        child,
        folder,
        processes,
    }
}

fn command_line(pid: u32) -> String {
    let bytes = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

/// Everything that the guard knows by its mark, and the PostgreSQL server with its children.
fn of_stage(folder: &std::path::Path) -> Vec<u32> {
    let all: Vec<u32> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    let environment = |pid: &u32| {
        let bytes = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let folder = folder.display().to_string();
    // The broker's environment names the folder; its mark is the stage's.
    let mark = all
        .iter()
        .map(environment)
        .find(|text| text.contains(&folder) && text.contains("LIENMINH_STAGE_MARK="));
    let Some(mark) = mark.and_then(|text| {
        text.split('\0')
            .find(|one| one.starts_with("LIENMINH_STAGE_MARK="))
            .map(ToOwned::to_owned)
    }) else {
        return Vec::new();
    };
    let postmasters: Vec<u32> = all
        .iter()
        .copied()
        .filter(|&pid| command_line(pid).contains(&format!("{folder}/postgres")))
        .collect();
    let parent = |pid: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok())
            .unwrap_or(0)
    };
    all.into_iter()
        .filter(|pid| {
            environment(pid).split('\0').any(|one| one == mark)
                || postmasters.contains(pid)
                || postmasters.contains(&parent(*pid))
        })
        .collect()
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap()
}

fn nothing_remains(mut running: Running) {
    running.child.wait().unwrap();
    let started = Instant::now();
    while running.processes.iter().any(|&pid| is_running(pid)) || running.folder.exists() {
        let left: Vec<_> = running
            .processes
            .iter()
            .filter(|&&pid| is_running(pid))
            .map(|&pid| (pid, command_line(pid)))
            .collect();
        assert!(
            started.elapsed() < Duration::from_secs(15),
            "still there: {left:?} {}",
            running.folder.display()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("all gone after {:.1} s", started.elapsed().as_secs_f64());
}

#[test]
fn after_kill_9_nothing_remains() {
    let running = running();
    kill_process(pid(&running.child), Signal::KILL).unwrap();
    nothing_remains(running);
}

#[test]
fn after_kill_9_of_the_whole_group_nothing_remains() {
    let running = running();
    kill_process_group(pid(&running.child), Signal::KILL).unwrap();
    nothing_remains(running);
}

#[test]
fn after_ctrl_c_nothing_remains() {
    let running = running();
    kill_process_group(pid(&running.child), Signal::INT).unwrap();
    nothing_remains(running);
}
