"""Project package and shared core of the portal: institutions, roles, tenancy, audit, jobs."""
