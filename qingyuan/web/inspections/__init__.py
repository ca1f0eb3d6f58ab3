"""Pages of joint inspections: rounds with their draw, a visit, the checklist on a phone."""
