"""The audit as inspectors read it: who wrote, who looked, and whether the chain still holds."""
