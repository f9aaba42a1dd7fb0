"""The composition root: builds everything, wires everything, in order.

`accounts`, `keys`, `outbound`, `pages`, `secrets` and `storage` make the parts from the settings;
`services` joins them for the views; `wsgi` makes them an application, watched by `health` and
`vital_signs`; `background` is what runs beside it. `start` says whether all may start; `server`
runs the processes; `process` is one of them; `trial_build` tries before whether one can be built.
Nothing else in the house imports the store or the outbound room, but for the command line.
"""
