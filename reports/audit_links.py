"""Pages of what the audit trail names."""

from medshare_portal.audit_links import links

links.add("reports.statement", "reports:statement")
links.add("reports.linedispute", "reports:dispute")
