"""Where a unit's tables come from regularly and how they are read; the layouts in which it exports for other systems."""
