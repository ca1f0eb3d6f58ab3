"""Help: the helper's page of one person, referrals as both sides see them, and counts that are closed when small."""
