//! Work in several threads whose results come in the order of the tasks.
//!
//! Tasks are dealt to the workers in turn, and results are taken from them in the same turn, so no task needs a number. Each
//! worker has one task waiting and one result waiting: the bounds of memory are those of a few tasks.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::error::Error;
use crate::spawn::{guarded, spawn};

/// How often `idle` is called while no result comes.
const IDLE_INTERVAL: Duration = Duration::from_millis(100);

/// Hands out tasks. False if nobody wants more of them.
pub type Deal<'a, T> = dyn FnMut(T) -> bool + 'a;

/// Makes all tasks and hands them out.
type Make<'a, T, S> = dyn FnOnce(&mut Deal<'_, T>) -> Result<S, Error> + Send + 'a;

/// Does tasks, on one thread.
pub type Work<'a, T, R> = Box<dyn FnMut(T) -> Result<R, Error> + 'a>;

/// The parts of a job.
pub struct Job<'a, T, R, S> {
    /// Number of workers.
    pub workers: usize,
    /// Makes all tasks, on a thread of its own.
    pub make: Box<Make<'a, T, S>>,
    /// Called on each worker's thread, for what does its tasks.
    pub worker: &'a (dyn Fn() -> Result<Work<'a, T, R>, Error> + Sync),
    /// Takes the results, in the order of the tasks, on the calling thread.
    pub take: &'a mut dyn FnMut(R) -> Result<(), Error>,
    /// Called now and then, on the calling thread; an error ends the job.
    pub idle: &'a dyn Fn() -> Result<(), Error>,
}

impl<T: Send, R: Send, S: Send> Job<'_, T, R, S> {
    /// Runs the job, and returns what `make` returned.
    ///
    /// # Errors
    /// The first one, in the order of the tasks.
    pub fn run(self) -> Result<S, Error> {
        let Self { workers, make, worker, take, idle } = self;
        std::thread::scope(|scope| {
            let (mut deals, mut results) = (Vec::new(), Vec::new());
            for _ in 0..workers {
                let ((deal, tasks), (done, result)) = (bounded::<T>(1), bounded(1));
                spawn(scope, "xform-export", move || serve(worker, &tasks, &done))?;
                deals.push(deal);
                results.push(result);
            }
            let reader = spawn(scope, "xform-reader", move || {
                let mut turn = 0;
                guarded("the reader", || {
                    make(&mut |task| {
                        turn += 1;
                        deals[(turn - 1) % deals.len()].send(task).is_ok()
                    })
                })
            })?;
            let taken = take_all(&results, take, idle);
            // Workers and reader end when nobody takes what they make.
            drop(results);
            let made = reader.join().unwrap_or_else(|_| Err(Error::internal("the reader panicked")));
            taken.and(made)
        })
    }
}

fn serve<'a, T, R>(
    worker: &(dyn Fn() -> Result<Work<'a, T, R>, Error> + Sync),
    tasks: &Receiver<T>,
    done: &Sender<Result<R, Error>>,
) {
    let served = guarded("a worker", || {
        let mut work = worker()?;
        for task in tasks {
            let result = work(task);
            if done.send(result).is_err() {
                break;
            }
        }
        Ok(())
    });
    if let Err(error) = served {
        // Without a receiver the job has ended already.
        let _ = done.send(Err(error));
    }
}

fn take_all<R>(
    results: &[Receiver<Result<R, Error>>],
    take: &mut dyn FnMut(R) -> Result<(), Error>,
    idle: &dyn Fn() -> Result<(), Error>,
) -> Result<(), Error> {
    // The first worker without a next result had no task left, and neither had those after it.
    for turn in results.iter().cycle() {
        let result = loop {
            idle()?;
            match turn.recv_timeout(IDLE_INTERVAL) {
                Ok(result) => break result?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        };
        take(result)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    fn job(
        workers: usize,
        tasks: u64,
        work: impl Fn(u64) -> Result<u64, Error> + Sync,
        idle: &dyn Fn() -> Result<(), Error>,
    ) -> (Result<u64, Error>, Vec<u64>) {
        let mut taken = Vec::new();
        let ended = Job {
            workers,
            make: Box::new(move |deal| Ok((0..tasks).take_while(|&task| deal(task)).count() as u64)),
            worker: &|| Ok(Box::new(&work)),
            take: &mut |result| {
                taken.push(result);
                Ok(())
            },
            idle,
        };
        (ended.run(), taken)
    }

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        for workers in 1..=4 {
            for tasks in [0, 1, 3, 1000] {
                let slow_ones = |task: u64| {
                    if task.is_multiple_of(97) {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    Ok(task * 2)
                };
                let (made, taken) = job(workers, tasks, slow_ones, &|| Ok(()));
                assert_eq!(made.unwrap(), tasks);
                assert!(taken.into_iter().eq((0..tasks).map(|task| task * 2)));
            }
        }
    }

    #[test]
    fn an_error_or_a_panic_of_a_worker_ends_the_job() {
        let fails = |task| if task == 7 { Err(Error::internal("seven")) } else { Ok(task) };
        let (ended, taken) = job(3, 1_000_000, fails, &|| Ok(()));
        assert!(ended.unwrap_err().to_string().contains("seven"));
        assert_eq!(taken, (0..7).collect::<Vec<_>>());
        let (ended, _) =
            job(2, 1_000_000, |task| if task == 5 { panic!("five") } else { Ok(task) }, &|| Ok(()));
        assert!(ended.unwrap_err().to_string().contains("five"));
    }

    #[test]
    fn a_job_may_be_stopped() {
        let calls = AtomicU64::new(0);
        let stop = || match calls.fetch_add(1, Ordering::Relaxed) {
            0..5 => Ok(()),
            _ => Err(Error::internal("stop")),
        };
        let (ended, taken) = job(2, u64::MAX, Ok, &stop);
        assert!(ended.unwrap_err().to_string().contains("stop") && taken.len() <= 5);
    }
}
