//! The real program as an operator starts and stops it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use super::Client;

/// A running `portal`. Killed when dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// `http://127.0.0.1:port`.
    pub origin: String,
    log: PathBuf,
}

/// The program with the settings given, and none from the surroundings.
pub fn command(args: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
    command.args(args).env_clear().envs(settings.iter().copied()).stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub fn run(args: &[&str], settings: &[(&str, &str)]) -> Output {
    command(args, settings).output().unwrap()
}

/// Runs it to its end; it must fail and say all of `words`.
#[track_caller]
pub fn refuses(args: &[&str], settings: &[(&str, &str)], words: &[&str]) {
    let mut child = command(args, settings).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("{args:?} started and should not have");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{args:?} did not fail: {said}");
    for word in words {
        assert!(said.contains(word), "{args:?} does not say {word:?}: {said}");
    }
}

/// A port that is free now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Program {
    /// Starts it, and waits until it is ready.
    pub async fn start(args: &[&str], folder: &Path, settings: &[(&str, &str)]) -> Self {
        let port = free_port().to_string();
        let log = folder.join(format!("log-{port}"));
        let data = folder.to_str().unwrap().to_owned();
        let mut all = vec![("PORT", port.as_str()), ("DATA_DIR", data.as_str())];
        all.extend(settings);
        let file = std::fs::File::create(&log).unwrap();
        let child = command(args, &all).stdout(Stdio::null()).stderr(file).spawn().unwrap();
        let mut program = Self { child, origin: format!("http://127.0.0.1:{port}"), log };
        let mut client = Client::new(&program.origin);
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = program.child.try_wait().unwrap() {
                panic!("portal ended while starting ({status}): {}", program.log());
            }
            let answer = client.try_send("GET", "/health/ready", &[], bytes::Bytes::new()).await;
            if answer.is_ok_and(|answer| answer.status == 200) {
                return program;
            }
            assert!(Instant::now() < end, "portal is not ready after a minute: {}", program.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Ends it as if the power had failed.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to stop, and waits until it has.
    pub async fn stop(&mut self) -> ExitStatus {
        let told = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "it did not stop: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
