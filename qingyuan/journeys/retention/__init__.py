"""What has reached its end, in all rooms: previewed as a signed plan, approved by a second person, carried out as planned or not at all."""
