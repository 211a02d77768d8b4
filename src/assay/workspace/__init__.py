"""What people do to companies, groups, profiles and each other: asked for by a page or by the API,
allowed or refused here, done, and written into the log."""
