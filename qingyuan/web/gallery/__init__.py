"""The gallery: every shared component once as it usually is and once empty. Shown only in the demo and to developers."""
