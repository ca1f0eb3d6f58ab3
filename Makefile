# Sugar over run.py, which does the same without make (and on Windows).
PYTHON ?= python3

.PHONY: demo test browser setup lint lock messages

demo test browser setup lint lock messages:
	@$(PYTHON) run.py $@
