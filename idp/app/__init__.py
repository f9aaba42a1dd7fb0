"""The composition root: builds everything, wires everything, in order.

`parts` makes each part from the settings; `services` joins them for the views; `wsgi` makes them an
application; `background` is what runs beside it. Nothing else in the house imports the store or the
outbound room, except the command line.
"""
