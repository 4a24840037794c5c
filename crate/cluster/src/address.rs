//! Addresses as the user gives them, and as Ballista expects them.

use std::net::{IpAddr, TcpListener, ToSocketAddrs};

use xform_core::Error;
use xform_core::options::{ClusterOptions, ServerOptions};

/// The address of this machine that `host`, the value of `--host`, names.
///
/// # Errors
/// [`Error::InvalidOption`] if it does not name one.
pub fn local(host: &str) -> Result<IpAddr, Error> {
    let refuse = |reason: String| ServerOptions::host.refuse(reason);
    let found = (host, 0).to_socket_addrs().map_err(|error| refuse(format!("{host:?}: {error}")))?.next();
    found.map(|address| address.ip()).ok_or_else(|| refuse(format!("{host:?} has no address")))
}

/// The address as it is written before a colon and a port.
pub fn before_port(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The name under which others reach a process bound to `bound`: `given`, the value of `--external-host`, or that
/// address.
///
/// # Errors
/// [`Error::InvalidOption`] if there is none.
pub fn external(bound: IpAddr, given: Option<&str>) -> Result<String, Error> {
    match given {
        Some(name) => Ok(name.to_owned()),
        None if bound.is_unspecified() => Err(ServerOptions::external_host.refuse(format!(
            "is required with `host` {bound}: other machines cannot reach this one at that address"
        ))),
        None => Ok(before_port(bound)),
    }
}

/// Host and port of a scheduler, from the value of `--scheduler`.
///
/// # Errors
/// [`Error::InvalidOption`] if it is not `host:port`.
pub fn scheduler(given: &str) -> Result<(String, u16), Error> {
    let parts = given.rsplit_once(':').and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)));
    let refuse = || ClusterOptions::scheduler.refuse(format!("{given:?} is not host:port"));
    parts.filter(|(host, _)| !host.is_empty()).ok_or_else(refuse)
}

/// The port, or a free one for 0. Ballista must know the port before it binds to it; if another process takes it
/// first, Ballista reports that.
///
/// # Errors
/// Those of the system.
pub fn free_port(address: IpAddr, asked: u16) -> std::io::Result<u16> {
    match asked {
        0 => TcpListener::bind((address, 0))?.local_addr().map(|address| address.port()),
        port => Ok(port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_an_address_or_a_name() {
        assert_eq!(before_port(local("127.0.0.1").unwrap()), "127.0.0.1");
        assert_eq!(before_port(local("::1").unwrap()), "[::1]");
        assert!(local("localhost").unwrap().is_loopback());
        let error = local("no such host").unwrap_err();
        assert!(error.to_string().starts_with("host: "), "{error}");
    }

    #[test]
    fn all_addresses_are_none_for_others() {
        assert_eq!(external(local("127.0.0.1").unwrap(), None).unwrap(), "127.0.0.1");
        let all = local("0.0.0.0").unwrap();
        assert_eq!(external(all, Some("node-1")).unwrap(), "node-1");
        let error = external(all, None).unwrap_err();
        assert!(error.to_string().starts_with("external_host: "), "{error}");
    }

    #[test]
    fn a_scheduler_is_a_host_and_a_port() {
        assert_eq!(scheduler("node-1:50050").unwrap(), ("node-1".to_owned(), 50050));
        assert_eq!(scheduler("[::1]:7").unwrap(), ("[::1]".to_owned(), 7));
        for bad in ["", "node-1", ":50050", "node-1:", "node-1:port", "node-1:65536"] {
            assert_eq!(scheduler(bad).unwrap_err().code(), "XFORM_INVALID_OPTION", "{bad}");
        }
    }
}
