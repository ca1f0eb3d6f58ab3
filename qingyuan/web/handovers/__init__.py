"""Hand-overs: offer, accept, refuse, take back; who carries how many; reassigning; who stands in for whom."""
