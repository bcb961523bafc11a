"""Pages of what the audit trail names."""

from medshare_portal.audit_links import links

links.add("scheduling.sharingrequest", "scheduling:request-detail")
links.add("scheduling.basket", "scheduling:basket-detail")
links.add("scheduling.series", "scheduling:series")
