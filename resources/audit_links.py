"""Pages of what the audit trail names."""

from medshare_portal.audit_links import links

links.add("resources.resource", "resources:resource-detail")
