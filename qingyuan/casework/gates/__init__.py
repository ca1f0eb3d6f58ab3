"""Gates (依法移交通道): the only ways across a wall. ``table`` declares them, ``queries`` reads acts and inboxes."""
