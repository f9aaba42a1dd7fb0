"""The picture of a run: a page of panels, one for each thing that was measured."""
