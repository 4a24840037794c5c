//! The fields of an error as data, which the API and `--json` pass on.

use std::path::Path;

use serde_json::{Value, json};

use super::words::listed;
use super::{Error, FilePlace};
use crate::shard::Shard;

impl Error {
    /// The variant's fields, as data.
    pub fn details(&self) -> Value {
        // serde refuses a path that is not UTF-8, and json! would panic.
        let text = |path: &Path| path.display().to_string();
        match self {
            Self::InvalidOption { option, reason } => json!({ "option": option, "reason": reason }),
            Self::InvalidWhere { text, position, reason } => {
                json!({ "where": text, "position": position, "reason": reason })
            }
            Self::InvalidAlerts { path, line, reason } => {
                json!({ "path": text(path), "line": line, "reason": reason })
            }
            Self::ConfigUnreadable { path, source } => {
                json!({ "path": text(path), "reason": source.to_string() })
            }
            Self::ConfigInvalid { path, line, column, key, reason, suggestion } => json!({
                "path": text(path), "line": line, "column": column, "key": key, "reason": reason, "suggestion": suggestion,
            }),
            Self::UnknownTransform { name, paths, suggestions } => json!({
                "name": name, "path": listed(paths), "suggestion": suggestions.first(), "suggestions": suggestions,
            }),
            Self::AmbiguousTransform { name, found } => {
                let found = found.iter().map(|(name, place)| {
                    let found = json!({ "name": name });
                    with_place(found, place.as_ref())
                });
                json!({ "name": name, "found": found.collect::<Vec<_>>() })
            }
            Self::InvalidSmirks { place, name, smirks, reason, position } => {
                let pattern =
                    json!({ "name": name, "smirks": smirks, "reason": reason, "position": position });
                with_place(pattern, place.as_deref())
            }
            Self::InvalidSmarts { place, name, key, smarts, reason, position } => {
                let pattern = json!({
                    "name": name, "key": key, "smarts": smarts, "reason": reason, "position": position,
                });
                with_place(pattern, place.as_deref())
            }
            Self::ExamplesUnmet { unmet } => json!({ "unmet": unmet }),
            Self::InputNotFound { path } => json!({ "path": text(path) }),
            Self::InputUnreadable { path, reason }
            | Self::InputColumn { path, reason }
            | Self::InputChanged { path, reason } => json!({ "path": text(path), "reason": reason }),
            Self::InputCorrupt { path, row, reason } => {
                json!({ "path": text(path), "row": row, "reason": reason })
            }
            Self::InputInOutput { path, found } => json!({ "path": text(path), "found": text(found) }),
            Self::OutputExists { path, found } => {
                json!({ "path": text(path), "found": found })
            }
            Self::FileExists { path } | Self::OutputLocked { path } => json!({ "path": text(path) }),
            Self::ResumeRefused { path, reason }
            | Self::OutputDamaged { path, reason }
            | Self::ShardUnfinished { path, reason }
            | Self::ShardDamaged { path, reason }
            | Self::ShardMismatch { path, reason } => json!({ "path": text(path), "reason": reason }),
            Self::ShardRepeated { shard, path, other } => {
                json!({ "shard": shard.to_string(), "path": text(path), "other": text(other) })
            }
            Self::ShardMissing { shards, count } => {
                json!({ "shards": shards.iter().map(Shard::to_string).collect::<Vec<_>>(), "count": count })
            }
            Self::OutputFailed { path, action, source } => {
                json!({ "path": text(path), "action": action, "reason": source.to_string() })
            }
            Self::OutputFull { path, action } => {
                json!({ "path": text(path), "action": action })
            }
            Self::SystemLimit { action, resource, source } => {
                json!({ "action": action, "resource": resource.to_string(), "reason": source.to_string() })
            }
            Self::Environment { what, reason } => json!({ "what": what, "reason": reason }),
            Self::ClusterFailed { scheduler, reason } => {
                json!({ "scheduler": scheduler, "reason": reason })
            }
            Self::Cancelled { rows, path, .. } => json!({ "rows": rows, "path": text(path) }),
            Self::Runaways { count } => json!({ "count": count }),
            Self::RecheckDiffers(difference) => json!(difference),
            Self::Internal { reason } => json!({ "reason": reason }),
        }
    }
}

fn with_place(mut details: Value, place: Option<&FilePlace>) -> Value {
    if let Some(FilePlace { path, line, column }) = place {
        details["path"] = json!(path.display().to_string());
        details["line"] = json!(line);
        details["column"] = json!(column);
    }
    details
}
