//! A thread with the stack of a worker.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// The same as for the pipeline's workers.
const STACK_BYTES: usize = 64 << 20;

/// A function that is created and called on one separate thread; inputs come one at a time.
pub struct OnLargeStack {
    ends: Mutex<(SyncSender<Vec<u8>>, Receiver<()>)>,
}

impl OnLargeStack {
    /// Starts the thread, which first calls `make`.
    pub fn new<F: FnMut(&[u8])>(make: impl FnOnce() -> F + Send + 'static) -> Self {
        let (inputs, next) = sync_channel::<Vec<u8>>(0);
        let (done, finished) = sync_channel(0);
        let work = move || {
            let mut run = make();
            for input in next {
                run(&input);
                if done.send(()).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread can be started");
        Self { ends: Mutex::new((inputs, finished)) }
    }

    /// Calls the function and waits for it. A panic in it ends the process, as libfuzzer-sys intends.
    pub fn run(&self, input: &[u8]) {
        let ends = self.ends.lock().expect("nobody panics with the lock");
        ends.0.send(input.to_vec()).expect("the thread lives");
        ends.1.recv().expect("the thread lives");
    }
}
